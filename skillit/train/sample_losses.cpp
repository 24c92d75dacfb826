#include "skillit/train/sample_losses.h"

#include <torch/torch.h>

#include <algorithm>
#include <numeric>

#include "skillit/nn/cross_entropy.h"

namespace skillit {
namespace {

/// Losses of the samples at `places`, written there.
void measure(const Gpt& model, const std::vector<Sample>& samples,
             const std::vector<std::size_t>& places, std::vector<double>& losses) {
  std::vector<Sample> batch;
  for (const std::size_t place : places) batch.push_back(samples[place]);
  const Batch input = make_batch(batch, model.device());
  const auto scores = score(model.hidden(input), model.head(), input.targets).losses.cpu();
  const float* next = scores.data_ptr<float>();
  for (const std::size_t place : places) {
    const auto& scored = samples[place].scored;
    const auto count = std::count(scored.begin(), scored.end(), std::uint8_t{1});
    losses[place] = std::accumulate(next, next + count, 0.0) / static_cast<double>(count);
    next += count;
  }
}

}  // namespace

std::vector<double> sample_losses(const Gpt& model, const std::vector<Sample>& samples,
                                  const BatchLimit& limit) {
  const torch::NoGradGuard no_gradient;
  std::vector<double> losses(samples.size(), 0);
  for (const std::vector<std::size_t>& places : batches_by_length(samples, limit))
    measure(model, samples, places, losses);
  return losses;
}

}  // namespace skillit
