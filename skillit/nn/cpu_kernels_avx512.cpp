// Compiled for processors with AVX-512 (CMakeLists.txt).
#include "skillit/nn/compiled_kernels_private.h"

namespace skillit {

constinit const KernelTables kAvx512Kernels = kCompiledKernels;

}  // namespace skillit
