#pragma once

#include <cstdint>
#include <vector>

#include "skillit/data/sample_store.h"
#include "skillit/nn/gpt.h"

namespace skillit {

/// The loss of each sample under the model: mean over its scored tokens, nats, summed in float64.
/// Changes nothing; samples of equal length are measured together, at most batch_size at a time.
[[nodiscard]] std::vector<double> sample_losses(const Gpt& model,
                                                const std::vector<Sample>& samples,
                                                std::int64_t batch_size, torch::Device device);

}  // namespace skillit
