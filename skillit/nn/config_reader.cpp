#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/nn/config_reader_private.h"

namespace skillit::detail {
namespace {

constexpr std::int64_t kMostSize = 1 << 24;
constexpr std::int64_t kMostLayers = 10'000;

/// Said in every config.json about storing, generating and training, not about the model's
/// function.
constexpr std::array<std::string_view, 34> kAlwaysIgnored{"_name_or_path",
                                                          "architectures",
                                                          "attention_dropout",
                                                          "attn_pdrop",
                                                          "bos_token_id",
                                                          "chunk_size_feed_forward",
                                                          "classifier_dropout",
                                                          "dtype",
                                                          "embd_pdrop",
                                                          "embed_dropout",
                                                          "eos_token_id",
                                                          "gradient_checkpointing",
                                                          "hidden_dropout",
                                                          "id2label",
                                                          "initializer_range",
                                                          "label2id",
                                                          "model_type",
                                                          "n_ctx",
                                                          "name_or_path",
                                                          "output_attentions",
                                                          "output_hidden_states",
                                                          "pad_token_id",
                                                          "pretraining_tp",
                                                          "problem_type",
                                                          "resid_dropout",
                                                          "resid_pdrop",
                                                          "return_dict",
                                                          "task_specific_params",
                                                          "tokenizer_class",
                                                          "torch_dtype",
                                                          "transformers_version",
                                                          "unk_token_id",
                                                          "use_cache",
                                                          "torchscript"};

constexpr std::array<std::pair<std::string_view, Activation>, 7> kActivationNames{
    {{"gelu", Activation::kGelu},
     {"gelu_new", Activation::kGeluTanh},
     {"silu", Activation::kSilu},
     {"gelu_pytorch_tanh", Activation::kGeluTanh},
     {"gelu_fast", Activation::kGeluTanh},
     {"gelu_python", Activation::kGelu},
     {"swish", Activation::kSilu}}};

}  // namespace

ConfigReader::ConfigReader(const Json& config, std::string where)
    : config_(config), where_(std::move(where)) {
  if (!config.is_object()) fail(ErrorCode::kBadFormat, where_ + ": is not an object of fields");
}

const Json* ConfigReader::value(std::string_view key) {
  read_.emplace(key);
  const auto found = config_.find(key);
  return found == config_.end() || found->is_null() ? nullptr : &*found;
}

std::int64_t ConfigReader::whole(std::string_view key, const Json& found, std::int64_t least,
                                 std::int64_t most) const {
  const bool fits = found.is_number_integer() &&
                    found.get<double>() >= static_cast<double>(least) &&
                    found.get<double>() <= static_cast<double>(most);
  if (!fits) refuse(key, fmt::format("a whole number from {} to {} was expected", least, most));
  return found.get<std::int64_t>();
}

const Json& ConfigReader::required(std::string_view key) {
  const Json* found = value(key);
  if (found == nullptr) fail(ErrorCode::kBadFormat, fmt::format("{}: lacks '{}'", where_, key));
  return *found;
}

std::int64_t ConfigReader::size(std::string_view key) {
  return whole(key, required(key), 1, kMostSize);
}

std::int64_t ConfigReader::size(std::string_view key, std::int64_t fallback) {
  const Json* found = value(key);
  return found == nullptr ? fallback : whole(key, *found, 1, kMostSize);
}

std::int64_t ConfigReader::layers(std::string_view key) {
  return whole(key, required(key), 1, kMostLayers);
}

std::int64_t ConfigReader::count(std::string_view key, std::int64_t fallback) {
  const Json* found = value(key);
  return found == nullptr ? fallback : whole(key, *found, 0, kMostSize);
}

double ConfigReader::number(std::string_view key) {
  const Json& found = required(key);
  if (!found.is_number() || !std::isfinite(found.get<double>()) || found.get<double>() <= 0)
    refuse(key, "a number above 0 was expected");
  return found.get<double>();
}

double ConfigReader::number(std::string_view key, double fallback) {
  return value(key) == nullptr ? fallback : number(key);
}

bool ConfigReader::flag(std::string_view key, bool fallback) {
  const Json* found = value(key);
  if (found == nullptr) return fallback;
  if (!found->is_boolean()) refuse(key, "true or false was expected");
  return found->get<bool>();
}

std::string ConfigReader::text(std::string_view key, std::string_view fallback) {
  const Json* found = value(key);
  if (found == nullptr) return std::string(fallback);
  if (!found->is_string()) refuse(key, "a text was expected");
  return found->get<std::string>();
}

std::int64_t ConfigReader::share(std::int64_t whole, std::string_view key) {
  const std::int64_t parts = size(key);
  if (whole % parts != 0) refuse(key, fmt::format("it must divide {}", whole));
  return whole / parts;
}

void ConfigReader::expect(std::string_view key, const Json& only) {
  const Json* found = value(key);
  if (found != nullptr && *found != only)
    refuse(key, fmt::format("only {} is supported", only.dump()));
}

void ConfigReader::ignore(std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) read_.emplace(key);
}

void ConfigReader::finish() {
  for (const std::string_view key : kAlwaysIgnored) read_.emplace(key);
  for (const auto& [key, unread] : config_.items()) {
    if (read_.contains(key) || unread.is_null()) continue;
    refuse(key,
           "this field is not known here and may change what the model computes; remove it if it "
           "does not");
  }
}

Activation ConfigReader::activation(std::string_view key, std::string_view fallback) {
  const std::string name = text(key, fallback);
  for (const auto& [known, activation] : kActivationNames) {
    if (known == name) return activation;
  }
  refuse(key, "gelu, gelu_new, gelu_pytorch_tanh, gelu_fast or silu was expected");
}

void ConfigReader::refuse(std::string_view key, const std::string& what) const {
  std::string found =
      config_.value(std::string(key), Json()).dump(-1, ' ', false, Json::error_handler_t::replace);
  if (found.size() > 80) found = found.substr(0, 77) + "...";
  fail(ErrorCode::kBadFormat, fmt::format("{}: '{}' is {}; {}", where_, key, found, what));
}

std::string_view activation_name(Activation activation) {
  if (activation == Activation::kSilu) return "silu";
  return activation == Activation::kGelu ? "gelu" : "gelu_new";
}

}  // namespace skillit::detail
