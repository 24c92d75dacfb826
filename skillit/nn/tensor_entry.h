#pragma once

#include <torch/types.h>

#include "skillit/base/safetensors.h"

namespace skillit {

/// Whether an entry's dtype is one that tensor_of() reads: F32, F16 or BF16.
[[nodiscard]] bool is_floating_entry(const SafetensorsEntry& entry);

/// The entry as a tensor on the host that borrows its bytes; copied only where they are not aligned
/// for the type. Such an entry only.
[[nodiscard]] torch::Tensor tensor_of(const SafetensorsEntry& entry);

/// A contiguous host tensor of one of those types as an entry that borrows its memory.
[[nodiscard]] SafetensorsEntry entry_of(const torch::Tensor& tensor);

}  // namespace skillit
