#include "skillit/nn/model_config.h"

#include <fmt/format.h>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/nn/model_family_private.h"

namespace skillit {
namespace detail {
namespace {

constexpr double kMostWeights = 1e13;
constexpr std::uintmax_t kLargestConfig = 1 << 20;

/// So that no product of sizes can wrap later on.
void expect_possible_size(const Architecture& a, const std::string& where) {
  const auto size = [](std::int64_t value) { return static_cast<double>(value); };
  const double heads = size(2 * (a.heads + a.kv_heads)) * size(a.head_width);
  const double rows = size(a.layers) * (heads + 3 * size(a.inner)) + 2 * size(a.vocabulary);
  const double weights = (rows + size(a.context)) * size(a.width);
  if (weights <= kMostWeights) return;
  fail(ErrorCode::kBadFormat,
       fmt::format("{}: describes a model of {:.3g} weights; {:.0e} at most are supported", where,
                   weights, kMostWeights));
}

}  // namespace

DescribedModel describe_model(const std::string& text, const std::string& where) {
  const Json config = parse_strict_json(text, where);
  ConfigReader reader(config, where);
  const ModelFamily& family = find_family(reader.text("model_type", ""), where);
  DescribedModel result{&family, family.read(reader)};
  reader.finish();
  expect_possible_size(result.architecture, where);
  return result;
}

std::string read_config_text(const std::filesystem::path& folder) {
  const auto file = folder / "config.json";
  if (!std::filesystem::exists(file)) {
    fail(ErrorCode::kNotFound, folder.string() +
                                   ": has no config.json; a folder with config.json and "
                                   "model.safetensors was expected");
  }
  return read_file(file, kLargestConfig);
}

}  // namespace detail

Architecture read_model_config(const std::filesystem::path& folder) {
  return parse_model_config(detail::read_config_text(folder), (folder / "config.json").string());
}

Architecture parse_model_config(const std::string& text, const std::string& where) {
  return detail::describe_model(text, where).architecture;
}

std::string make_model_config(const Architecture& architecture) {
  for (const detail::ModelFamily* family : detail::model_families()) {
    detail::Json config = family->write(architecture);
    config["model_type"] = family->name;
    config["architectures"] = detail::Json::array({family->class_name});
    config["bos_token_id"] = nullptr;
    config["eos_token_id"] = nullptr;
    try {
      std::string text = config.dump(2) + "\n";
      if (parse_model_config(text, "config.json") == architecture) return text;
    } catch (const Error&) {  // This family has no such architecture.
    }
  }
  fail(ErrorCode::kBadArgument, "model: no published family has an architecture like this one");
}

}  // namespace skillit
