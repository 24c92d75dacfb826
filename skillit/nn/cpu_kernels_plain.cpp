// For any processor.
#include "skillit/nn/compiled_kernels_private.h"

namespace skillit {

const KernelTables* plain_kernels() {
  return &kCompiledKernels;
}

}  // namespace skillit
