#pragma once

#include <torch/types.h>

#include <utility>

#include "skillit/nn/gpu_step_outcome.h"

namespace skillit::gpu {

// Operations of our own on a GPU, on the thread's current stream, in float32 or bf16 throughout
// unless said otherwise. None waits for the GPU. A build of torch without CUDA has none of them:
// every call is then a bug, since no tensor can be on a GPU.

/// The StepOutcome, a float32 [3], from the flat gradient, its loss (float32, one number) and the
/// largest norm (0 = no clipping). `parts` is float64 [kSumParts], to work in.
void measure_gradient(const torch::Tensor& gradient, const torch::Tensor& loss, double clip,
                      torch::Tensor& parts, torch::Tensor& outcome);

/// Flat buffers of weights, and the part of them, in multiples of 8, that the factors hold for.
struct AdamWBuffers {
  torch::Tensor gradient;               ///< Is 0 afterwards.
  torch::Tensor master, first, second;  ///< float32
  torch::Tensor compute;                ///< A copy of master in the gradient's type, or undefined.
  std::int64_t begin;
  std::int64_t count;
};
/// The same as a CPU's, with the outcome's scale for the gradient; nothing but the gradient changes
/// when that is 0. `factors` is float32 [9], in the order of AdamWFactors.
void adamw(const AdamWBuffers& buffers, const torch::Tensor& factors, const torch::Tensor& outcome);

/// Whether the operations on rows below can do x [..., C]: on a GPU, of these types, with C a
/// multiple of 8.
[[nodiscard]] bool has_kernels_for(const torch::Tensor& x);

/// Layer norm of contiguous x. @return y, and float32 [rows, 2] for the way back.
[[nodiscard]] std::pair<torch::Tensor, torch::Tensor> normalize(const torch::Tensor& x,
                                                                const torch::Tensor& weight,
                                                                const torch::Tensor& bias,
                                                                double epsilon);
/// The gradient of x from that of y, plus `added` where defined. All contiguous.
[[nodiscard]] torch::Tensor normalize_back(const torch::Tensor& x, const torch::Tensor& weight,
                                           const torch::Tensor& scales, const torch::Tensor& slopes,
                                           const torch::Tensor& added);
/// Adds the gradients of the norm's weight and bias.
void add_norm_gradients(const torch::Tensor& x, const torch::Tensor& scales,
                        const torch::Tensor& slopes, torch::Tensor& weight_gradient,
                        torch::Tensor& bias_gradient);

/// sums [C] += the columns' sums of slopes [rows, C]
void add_column_sums(const torch::Tensor& slopes, torch::Tensor& sums);

/// logits [rows, V or more], in place -> the gradient of `share` times the sum of the rows'
/// cross-entropies over V tokens; 0 in further columns.
/// @return that sum's parts, float32 [rows].
[[nodiscard]] torch::Tensor softmax_slope(torch::Tensor& logits, std::int64_t vocabulary,
                                          const torch::Tensor& targets, double share);

/// x + bias [C]
[[nodiscard]] torch::Tensor add_bias(const torch::Tensor& x, const torch::Tensor& bias);
/// [count, C] with the rows at their places, of which none comes twice, and zeros elsewhere.
[[nodiscard]] torch::Tensor put_rows(const torch::Tensor& rows, const torch::Tensor& places,
                                     std::int64_t count);

/// Whether add_rows() can do as many tokens and so wide a table.
[[nodiscard]] bool can_add_rows(const torch::Tensor& tokens, const torch::Tensor& table);
/// table[tokens[i]] += slopes[i], in the order of the tokens: the same bits every time.
void add_rows(const torch::Tensor& tokens, const torch::Tensor& slopes, torch::Tensor& table);

}  // namespace skillit::gpu
