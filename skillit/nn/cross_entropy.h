#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

namespace skillit {

/// Mean cross-entropy over S scored positions, in nats: a differentiable scalar (float32). hidden
/// [S, C], head [V, C], targets [S] int64. Works on chunks of positions and computes both gradients
/// on the way, so the logits [S, V] never exist as a whole. Logits and their softmax are float32
/// whatever the compute type. Of a part of a batch, `count` is the scored positions of all of it:
/// the sum here is divided by that, so that the parts' losses and gradients add up to the batch's.
/// Of a head with rows that are no tokens (Parameters::padded(), on a GPU only), `vocabulary` is V.
[[nodiscard]] torch::Tensor cross_entropy(const torch::Tensor& hidden, const torch::Tensor& head,
                                          const torch::Tensor& targets,
                                          std::optional<std::int64_t> count = std::nullopt,
                                          std::optional<std::int64_t> vocabulary = std::nullopt);

/// Per position, without gradient: loss[s] in nats and whether the largest logit is the target's.
struct Scores {
  torch::Tensor losses;   ///< [S] float32.
  torch::Tensor correct;  ///< [S] bool.
};
[[nodiscard]] Scores score(const torch::Tensor& hidden, const torch::Tensor& head,
                           const torch::Tensor& targets);

}  // namespace skillit
