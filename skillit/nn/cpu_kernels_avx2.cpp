// Compiled for processors with AVX2 and fused multiply-add (CMakeLists.txt).
#include "skillit/nn/compiled_kernels_private.h"

namespace skillit {

constinit const KernelTables kAvx2Kernels = kCompiledKernels;

}  // namespace skillit
