// Compiled for processors with AVX2 and fused multiply-add (CMakeLists.txt).
#include "skillit/nn/compiled_kernels_private.h"

namespace skillit {

const KernelTables* avx2_kernels() {
  return &kCompiledKernels;
}

}  // namespace skillit
