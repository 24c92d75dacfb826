#pragma once

#include <torch/types.h>

#include "skillit/nn/architecture.h"
#include "skillit/nn/attention.h"

namespace skillit {

/// Operations of a block that are one pass over memory, forwards and backwards, where torch would
/// make several. Float32 or bf16; sums are float32. Differentiable; the results do not depend on
/// the number of threads.

/// Causal attention on what the projection gives: rows [B, T, (H + 2K) * D], all queries, then all
/// keys, then all values; -> [B, T, H * D]. Turns queries and keys where `rotary` [T, ...] is
/// defined. A query sees at most `window` keys when that is not 0, and none before its document in
/// `starts` [B, T] (int64) when defined. On a GPU where gpu::can_attend().
[[nodiscard]] torch::Tensor fused_attention(const torch::Tensor& rows, const Architecture& model,
                                            const Rotary& rotary, std::int64_t window,
                                            const torch::Tensor& starts);

/// On a CPU: gelu(x), or with `tanh` the approximation that GPT-2 uses. Its derivative is computed
/// on the way.
[[nodiscard]] torch::Tensor fused_gelu(const torch::Tensor& x, bool tanh);

/// The rows of x [..., C] at `places` (int64, none twice).
[[nodiscard]] torch::Tensor rows_at(const torch::Tensor& x, const torch::Tensor& places);

}  // namespace skillit
