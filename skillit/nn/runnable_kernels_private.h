#pragma once

// Apart from the tables, whose sources for some processors may include nothing that has functions.
#include <vector>

#include "skillit/nn/kernel_tables_private.h"

namespace skillit {

/// The tables that this processor can run, the slowest first.
[[nodiscard]] std::vector<const KernelTables*> runnable_kernels();

}  // namespace skillit
