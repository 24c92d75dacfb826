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

/// x [..., in] times the weight [out, in] turned, plus the bias [out]. x must need a gradient for
/// the weights to get theirs.
[[nodiscard]] torch::Tensor linear(const torch::Tensor& x, const Weight& weight,
                                   const std::optional<Weight>& bias);

/// Rows of the table [V, C] -> [..., C]; the table's value must be a leaf that needs a gradient.
/// @throws c10::Error when a token is not in the table.
[[nodiscard]] torch::Tensor embedding(const Weight& table, const torch::Tensor& tokens);

}  // namespace skillit
