#include "skillit/run/stored_model.h"

#include <fmt/format.h>

#include <array>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/config/load.h"
#include "skillit/nn/pretrained.h"
#include "skillit/run/dataset.h"
#include "skillit/tokenize/make_tokenizer.h"
#include "skillit/train/checkpoint.h"

namespace skillit {
namespace {

/// What `transformers` keeps beside a tokenizer.json.
constexpr std::array kTokenizerFiles{"tokenizer.json", "tokenizer_config.json",
                                     "special_tokens_map.json", "generation_config.json"};
constexpr std::uintmax_t kLargestTokenizerFile = 1 << 28;

StoredModel open_run_model(const std::filesystem::path& file) {
  const auto metadata = model_metadata(file);
  const auto config = metadata.find("config");
  const auto text = metadata.find("recipe");
  if (config == metadata.end() || text == metadata.end()) {
    fail(ErrorCode::kBadFormat,
         file.string() +
             ": does not say which model it is; a finished run's model.safetensors was "
             "expected, or the folder of a published model with its config.json");
  }
  Recipe recipe;
  config::load_yaml(recipe, text->second, file.string() + ": recipe");
  return {file, config->second, parse_model_config(config->second, file.string() + ": config"),
          std::move(recipe)};
}

}  // namespace

StoredModel open_model(const std::filesystem::path& path) {
  if (std::filesystem::is_regular_file(path)) return open_run_model(path);
  if (std::filesystem::exists(path / "config.json")) {
    const PretrainedFolder folder = PretrainedFolder::open(path);
    return {path, folder.config(), folder.architecture(), std::nullopt};
  }
  if (std::filesystem::exists(path / "model.safetensors"))
    return open_run_model(path / "model.safetensors");
  fail(ErrorCode::kNotFound,
       fmt::format("{}: no model is there; expected a folder with config.json and safetensors, or "
                   "a finished run's folder such as runs/lego/skillit/seed0",
                   path.string()));
}

std::filesystem::path StoredModel::tokenizer_file() const {
  std::filesystem::path file = path / "tokenizer.json";
  if (recipe) {
    const bool is_file = recipe->data.tokenizer.ends_with(".json");
    file = recipe->data.source != "pack" && is_file ? recipe->data.tokenizer : "";
  }
  return std::filesystem::exists(file) ? file : "";
}

std::shared_ptr<const Tokenizer> StoredModel::tokenizer() const {
  if (recipe) return data_tokenizer(recipe->data);
  const auto file = tokenizer_file();
  if (file.empty())
    fail(ErrorCode::kNotFound, path.string() + ": has no tokenizer.json, so text cannot be read");
  return make_tokenizer(file.string());
}

Gpt StoredModel::load(torch::Device device, torch::ScalarType compute) const {
  Gpt model(architecture, std::nullopt, device, compute);
  if (recipe) {
    load_model(path, model);
  } else {
    PretrainedFolder::open(path).load(model);
  }
  return model;
}

void export_model(const StoredModel& model, const std::filesystem::path& folder,
                  PretrainedOptions options) {
  if (const auto tokenizer = model.tokenizer_file(); !tokenizer.empty()) {
    for (const char* const name : kTokenizerFiles) {
      const auto file = tokenizer.parent_path() / name;
      if (std::filesystem::exists(file))
        options.companions[name] = read_file(file, kLargestTokenizerFile);
    }
    options.companions["tokenizer.json"] = read_file(tokenizer, kLargestTokenizerFile);
  }
  write_pretrained(folder, model.load(torch::kCPU, torch::kFloat32), model.config, options);
}

}  // namespace skillit
