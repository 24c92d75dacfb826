#pragma once

#include <torch/types.h>

#include <optional>

namespace skillit {

/// A weight, or a part of it, and the memory of the same shape to which a backward pass adds its
/// gradient at once, where autograd would make a tensor of it first.
struct Weight {
  torch::Tensor value;
  torch::Tensor gradient;

  /// Rows begin .. begin + count - 1.
  [[nodiscard]] Weight rows(std::int64_t begin, std::int64_t count) const {
    return {value.narrow(0, begin, count), gradient.narrow(0, begin, count)};
  }
};

/// x [..., in] times the weight [out, in] turned, plus the bias [out] and, where defined, `added`
/// [..., out]. x must need a gradient for the weights to get theirs.
[[nodiscard]] torch::Tensor linear(const torch::Tensor& x, const Weight& weight,
                                   const std::optional<Weight>& bias,
                                   const torch::Tensor& added = {});

struct FeedForwardWeights {
  Weight in;  ///< [inner, C]
  std::optional<Weight> in_bias;
  Weight out;  ///< [C, inner]
  std::optional<Weight> out_bias;
};
/// Whether feed_forward() can do x [..., C]: on a CPU always, on a GPU where x and the first weight
/// are small.
[[nodiscard]] bool has_feed_forward(const torch::Tensor& x, const torch::Tensor& in_weight);

/// added [..., C] + the second linear map of gelu of the first of x [..., C]. x must need a
/// gradient for the weights to get theirs. `tanh` as in fused_gelu.
[[nodiscard]] torch::Tensor feed_forward(const torch::Tensor& x, const FeedForwardWeights& weights,
                                         bool tanh, const torch::Tensor& added);

/// Rows of the table [V, C] -> [..., C]; the table's value must be a leaf that needs a gradient.
/// @throws c10::Error when a token is not in the table.
[[nodiscard]] torch::Tensor embedding(const Weight& table, const torch::Tensor& tokens);

}  // namespace skillit
