#include "skillit/run/start_model.h"

#include <fmt/format.h>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/fingerprint.h"
#include "skillit/nn/pretrained.h"
#include "skillit/train/checkpoint.h"

namespace skillit {
namespace {

void expect_fit(const Recipe& recipe, const Tokenizer& tokenizer, const Architecture& model) {
  const auto tokens = static_cast<std::int64_t>(tokenizer.vocabulary_size());
  if (tokens > model.vocabulary) {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: the model knows {} tokens, the tokenizer of the data {}; use the model's "
                     "own (data.tokenizer=auto)",
                     recipe.model.folder, model.vocabulary, tokens));
  }
  if (recipe.data.is_read() && recipe.data.window > model.context) {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: the model's context is {} tokens, data.window is {}; lower that",
                     recipe.model.folder, model.context, recipe.data.window));
  }
}

}  // namespace

Architecture recipe_architecture(const Recipe& recipe, const Tokenizer& tokenizer) {
  if (recipe.model.folder.empty())
    return architecture_of(recipe.model, static_cast<std::int64_t>(tokenizer.vocabulary_size()));
  const Architecture architecture = read_model_config(recipe.model.folder);
  expect_fit(recipe, tokenizer, architecture);
  return architecture;
}

StartModel start_model(const Recipe& recipe, const Tokenizer& tokenizer,
                       const std::optional<BaseModel>& base, std::uint64_t seed,
                       const Runtime& runtime) {
  if (recipe.model.folder.empty()) {
    const Architecture architecture = recipe_architecture(recipe, tokenizer);
    Gpt model(architecture, seed, runtime.device, runtime.compute);
    if (base) load_model(base->file, model);
    return {std::move(model), make_model_config(architecture)};
  }
  const PretrainedFolder folder = PretrainedFolder::open(recipe.model.folder);
  expect_fit(recipe, tokenizer, folder.architecture());
  Gpt model(folder.architecture(), std::nullopt, runtime.device, runtime.compute);
  folder.load(model);
  return {std::move(model), folder.config()};
}

std::string content_fingerprint(const std::optional<BaseModel>& base) {
  if (!base) return "none";
  if (std::filesystem::is_directory(base->file)) return base->fingerprint;
  return fingerprint(read_file(base->file));
}

}  // namespace skillit
