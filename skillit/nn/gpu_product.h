#pragma once

#include <torch/types.h>

namespace skillit::gpu {

// Products with small weights in float32, with what comes before and after them in the same kernel:
// of a small model a step's time is the number of its kernels. On the thread's current stream; the
// same bits every time. What is passed is contiguous, and undefined where it is left out.

/// Whether the functions below can do rows x [rows, C] and a weight: on a GPU, in float32, both
/// small and of widths that are multiples of 32.
[[nodiscard]] bool can_multiply(const torch::Tensor& x, const torch::Tensor& weight);

/// x [rows, in] times the weight [out, in] turned + bias [out] + added [rows, out].
[[nodiscard]] torch::Tensor small_product(const torch::Tensor& x, const torch::Tensor& weight,
                                          const torch::Tensor& bias, const torch::Tensor& added);

/// gelu of such a product without `added`; its derivative there goes to `slopes` [rows, out].
[[nodiscard]] torch::Tensor small_product_gelu(const torch::Tensor& x, const torch::Tensor& weight,
                                               const torch::Tensor& bias, bool tanh,
                                               const torch::Tensor& slopes);

/// slopes [rows, out] times the weight [out, in], times `factor` [rows, in] element by element.
[[nodiscard]] torch::Tensor small_product_back(const torch::Tensor& slopes,
                                               const torch::Tensor& weight,
                                               const torch::Tensor& factor);

/// Adds the gradients of the weight [out, in] and the bias [out].
void add_small_gradient(const torch::Tensor& slopes, const torch::Tensor& x,
                        torch::Tensor& weight_gradient, torch::Tensor& bias_gradient);

}  // namespace skillit::gpu
