// Compiled for processors with AVX2 and fused multiply-add (CMakeLists.txt).
#include "skillit/nn/attention_kernel_private.h"
#include "skillit/nn/elementwise_kernels_private.h"
#include "skillit/nn/kernel_tables_private.h"

namespace skillit {

const KernelTables* avx2_kernels() {
  static constexpr KernelTables tables{{attend<float>, attend_back<float>, gelu<float>},
                                       {attend<Bf16>, attend_back<Bf16>, gelu<Bf16>},
                                       slope_of_softmax,
                                       Scratch::size};
  return &tables;
}

}  // namespace skillit
