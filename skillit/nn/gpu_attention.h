#pragma once

#include <torch/types.h>

#include "skillit/nn/architecture.h"
#include "skillit/nn/attention.h"

namespace skillit::gpu {

/// Whether short_attention() can do sequences of `length` of this model.
[[nodiscard]] bool can_attend(const Architecture& model, std::int64_t length,
                              torch::ScalarType type);

/// fused_attention() on a GPU: one kernel forwards and one backwards, where torch needs a dozen,
/// for sequences that fit in a multiprocessor's own memory (some 64 tokens). Differentiable; the
/// same bits every time.
[[nodiscard]] torch::Tensor short_attention(const torch::Tensor& rows, const Architecture& model,
                                            const Rotary& rotary, std::int64_t window,
                                            const torch::Tensor& starts);

}  // namespace skillit::gpu
