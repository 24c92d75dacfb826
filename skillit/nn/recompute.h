#pragma once

#include <torch/types.h>

#include <functional>

namespace skillit {

/// compute(x), of which only x is kept for the backward pass; that pass calls compute once more
/// (activation checkpointing, Chen et al. 2016). Bit for bit what compute(x) gives, gradients of
/// the weights inside included; compute must draw nothing at random and outlive the backward pass
/// with all it refers to.
[[nodiscard]] torch::Tensor recomputed(const torch::Tensor& x,
                                       std::function<torch::Tensor(const torch::Tensor&)> compute);

}  // namespace skillit
