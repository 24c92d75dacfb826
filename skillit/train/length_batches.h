#pragma once

#include <cstddef>
#include <vector>

#include "skillit/data/sample_store.h"
#include "skillit/nn/architecture.h"

namespace skillit {

/// How much is measured at once.
struct BatchLimit {
  std::size_t samples = 128;
  std::size_t tokens = 1 << 14;  ///< One sample in any case.
};

/// So many tokens that a layer's hidden states take about 4 MB, however wide the model is:
/// measuring then needs less memory than a training step.
[[nodiscard]] BatchLimit evaluation_limit(const Architecture& model);

/// Indices of the samples, rising by length and of equal ones as they stand, in groups of one
/// length within the limit: nothing is padded.
[[nodiscard]] std::vector<std::vector<std::size_t>> batches_by_length(
    const std::vector<Sample>& samples, const BatchLimit& limit);

}  // namespace skillit
