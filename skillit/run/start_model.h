#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "skillit/nn/gpt.h"
#include "skillit/run/base_model.h"
#include "skillit/run/recipe.h"
#include "skillit/run/runtime.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// The architecture of a recipe's model: what the config.json in model.folder describes, or the
/// recipe's shape with this vocabulary. @throws Error kMismatch when that folder's model has fewer
/// tokens than the tokenizer, or a context below data.window; and what PretrainedFolder throws.
[[nodiscard]] Architecture recipe_architecture(const Recipe& recipe, const Tokenizer& tokenizer);

/// A model as a run of the recipe starts with it.
struct StartModel {
  Gpt model;
  std::string config;  ///< Text of a config.json that describes it.
};
/// With the weights of `base`, or drawn from `seed` without one. @throws Error.
[[nodiscard]] StartModel start_model(const Recipe& recipe, const Tokenizer& tokenizer,
                                     const std::optional<BaseModel>& base, std::uint64_t seed,
                                     const Runtime& runtime);

/// Of the bytes that every run starts from; "none" without a base.
[[nodiscard]] std::string content_fingerprint(const std::optional<BaseModel>& base);

}  // namespace skillit
