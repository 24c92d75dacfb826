#pragma once

#include <torch/types.h>

#include "skillit/nn/cpu_kernels_private.h"

namespace skillit {

/// The elements of a contiguous tensor on a CPU; null when it is undefined.
template <typename Number>
[[nodiscard]] Number* data(const torch::Tensor& tensor) {
  return tensor.defined() ? static_cast<Number*>(tensor.data_ptr()) : nullptr;
}

/// Calls work(Number{}) with the type of the tensor's elements, float or Bf16.
template <typename Work>
void with_type_of(const torch::Tensor& tensor, const Work& work) {
  if (tensor.scalar_type() == torch::kBFloat16)
    work(Bf16{});
  else
    work(float{});
}

}  // namespace skillit
