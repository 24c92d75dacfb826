// For any processor.
#include "skillit/nn/compiled_kernels_private.h"

namespace skillit {

constinit const KernelTables kPlainKernels = kCompiledKernels;

}  // namespace skillit
