#pragma once

#include <torch/types.h>

#include <cstdint>

namespace skillit {

/// Tables of rotary positions in the GPT-NeoX form (element i of a head turns with element i +
/// D/2); undefined tensors mean no rotation. [T or more, D/2] each.
struct Rotary {
  torch::Tensor cosine;
  torch::Tensor sine;
};

/// Rotates the last dimension of x [..., T, D] by tables [..., T, D/2]. Differentiable.
[[nodiscard]] torch::Tensor rotate(const torch::Tensor& x, const torch::Tensor& cosine,
                                   const torch::Tensor& sine);

/// Causal multi-head self-attention from the joint projection: qkv [B, T, 3C] (queries, keys,
/// values, each head by head) -> [B, T, C], scaled by 1/sqrt(D). Differentiable.
[[nodiscard]] torch::Tensor causal_attention(const torch::Tensor& qkv, std::int64_t heads,
                                             const Rotary& rotary);

}  // namespace skillit
