#pragma once

#include <torch/types.h>

#include <cstdint>

#include "skillit/nn/architecture.h"

namespace skillit {

/// Tables of rotary positions, [rows, dims/2] each; undefined tensors mean no rotation.
struct Rotary {
  torch::Tensor cosine;
  torch::Tensor sine;
};

/// Tables for the places 0 .. rows - 1, computed in float64.
[[nodiscard]] Rotary make_rotary(const RotaryShape& shape, std::int64_t rows, torch::Device device,
                                 torch::ScalarType type);

/// Rotates the leading elements of the last dimension of x [..., T, D] by tables [..., T, R/2], R
/// <= D; the rest passes unchanged. Differentiable.
[[nodiscard]] torch::Tensor rotate(const torch::Tensor& x, const torch::Tensor& cosine,
                                   const torch::Tensor& sine);

/// Queries [B, H, Q, D], keys and values [B, K, T, D].
struct Heads {
  torch::Tensor queries;
  torch::Tensor keys;
  torch::Tensor values;
};

/// Which of the keys 0 .. length - 1 a query at each of `places` (int64, any shape) sees: itself
/// and those before it, at most `window` of them when that is not 0, and none before `starts`
/// (int64, broadcast against `places`) when defined. Bool, [places..., length].
[[nodiscard]] torch::Tensor visible_keys(const torch::Tensor& places, std::int64_t length,
                                         std::int64_t window, const torch::Tensor& starts = {});

/// Softmax attention: -> [B, Q, H * D]. `visible` is a mask for [B, H, Q, T] as SDPA takes it, or
/// undefined for the causal one (Q == T). Differentiable.
[[nodiscard]] torch::Tensor attend(const Heads& heads, double scale, const torch::Tensor& visible);

}  // namespace skillit
