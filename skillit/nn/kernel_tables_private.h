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

extern const KernelTables kPlainKernels;   ///< For any processor,
extern const KernelTables kAvx2Kernels;    ///< with AVX2 and fused multiply-add,
extern const KernelTables kAvx512Kernels;  ///< and with AVX-512's F, BW, DQ and VL besides.

}  // namespace skillit
