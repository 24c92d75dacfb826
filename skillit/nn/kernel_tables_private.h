#pragma once

#include "skillit/nn/cpu_kernels_private.h"

namespace skillit {

/// All loops as compiled for one kind of processor.
struct KernelTables {
  CpuKernels<float> floats;
  CpuKernels<Bf16> halves;
  ProductKernels products;
  NormKernels<float> float_norms;
  NormKernels<Bf16> half_norms;
  SoftmaxSlope softmax_slope;
  std::int64_t (*attention_scratch)(const AttentionShape&);
};
[[nodiscard]] const KernelTables* plain_kernels();
[[nodiscard]] const KernelTables* avx2_kernels();  ///< To be called where both are.

}  // namespace skillit
