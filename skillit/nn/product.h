#pragma once

#include <torch/types.h>

namespace skillit {

/// Products with weights [out, in], of any type and on any device; a small matrix of floats is
/// multiplied by loops of our own, whose results do not depend on the number of threads, and what
/// follows is done row by row while these are in the cache; on a GPU (gpu_product.h) in the same
/// kernel. Nothing here is differentiable: these are what the operations of weight.h are made of.

/// x [rows, in] times the weight turned, plus bias [out] and added [rows, out] where defined.
[[nodiscard]] torch::Tensor product(const torch::Tensor& x, const torch::Tensor& weight,
                                    const torch::Tensor& bias, const torch::Tensor& added);

/// gelu of such a product; its derivative there is written to `slopes` [rows, out] where defined.
/// On a GPU only where gpu::can_multiply(). `tanh` as in fused_gelu.
[[nodiscard]] torch::Tensor gelu_of_product(const torch::Tensor& x, const torch::Tensor& weight,
                                            const torch::Tensor& bias, bool tanh,
                                            const torch::Tensor& slopes);

/// The gradient of x from that of the product, slopes [rows, out]; times `factor` [rows, in],
/// element by element, where defined.
[[nodiscard]] torch::Tensor product_back(const torch::Tensor& slopes, const torch::Tensor& weight,
                                         const torch::Tensor& factor = {});

/// Adds the weight's gradient and, where defined, the bias's.
void add_weight_gradient(const torch::Tensor& slopes, const torch::Tensor& x,
                         torch::Tensor weight_gradient, torch::Tensor bias_gradient);

}  // namespace skillit
