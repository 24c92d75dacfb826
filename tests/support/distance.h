#pragma once

#include <torch/types.h>

namespace skillit::testing {

/// The largest difference of two elements, in float64; the tensors may lie on any device.
inline double distance(const torch::Tensor& a, const torch::Tensor& b) {
  const auto on_cpu = [](const torch::Tensor& x) { return x.cpu().to(torch::kFloat64); };
  return (on_cpu(a) - on_cpu(b)).abs().max().item<double>();
}

}  // namespace skillit::testing
