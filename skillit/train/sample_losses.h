#pragma once

#include <vector>

#include "skillit/data/sample_store.h"
#include "skillit/nn/gpt.h"
#include "skillit/train/length_batches.h"

namespace skillit {

/// The loss of each sample under the model: mean over its scored tokens, nats, summed in float64.
/// Changes nothing; samples of equal length are measured together.
[[nodiscard]] std::vector<double> sample_losses(const Gpt& model,
                                                const std::vector<Sample>& samples,
                                                const BatchLimit& limit);

}  // namespace skillit
