#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "skillit/base/rng.h"
#include "skillit/nn/gpt.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

struct SamplingOptions {
  std::int64_t tokens = 64;          ///< At most as many new ones.
  double temperature = 1;            ///< Divides the logits; 0 = always the likeliest token.
  std::int64_t top_k = 0;            ///< Draw among the k likeliest only; 0 = among all.
  std::optional<TokenId> stop = {};  ///< Ends the text and is not part of it.
  std::int64_t vocabulary = 0;  ///< Only ids below are drawn, when not 0: a model may have more
                                ///< rows than its tokenizer has tokens.
};

/// What the model continues `prompt` with, token by token; of a text longer than the context it
/// sees the end. Everything is computed anew for each token: meant for a look, not for serving.
/// @throws Error kBadArgument on an empty prompt.
[[nodiscard]] std::vector<TokenId> sample_text(const Gpt& model, std::vector<TokenId> prompt,
                                               const SamplingOptions& options, Rng& rng);

}  // namespace skillit
