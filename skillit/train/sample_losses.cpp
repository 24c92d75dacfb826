#include "skillit/train/sample_losses.h"

#include <torch/torch.h>

#include <algorithm>
#include <numeric>

#include "skillit/nn/cross_entropy.h"

namespace skillit {
namespace {

/// Losses of the samples at `places`, written there.
void measure(const Gpt& model, const std::vector<Sample>& samples,
             std::span<const std::size_t> places, torch::Device device,
             std::vector<double>& losses) {
  std::vector<Sample> batch;
  for (const std::size_t place : places) batch.push_back(samples[place]);
  const Batch input = make_batch(batch, device);
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
                                  std::int64_t batch_size, torch::Device device) {
  const torch::NoGradGuard no_gradient;
  const auto length = [&](std::size_t place) { return samples[place].tokens.size(); };
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return length(a) < length(b); });
  std::vector<double> losses(samples.size(), 0);
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && end - begin < static_cast<std::size_t>(batch_size) &&
           length(order[end]) == length(order[begin]))
      ++end;
    measure(model, samples, std::span(order).subspan(begin, end - begin), device, losses);
    begin = end;
  }
  return losses;
}

}  // namespace skillit
