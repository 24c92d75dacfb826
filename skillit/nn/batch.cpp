#include "skillit/nn/batch.h"

#include <torch/torch.h>

#include <algorithm>
#include <vector>

namespace skillit {
namespace {

/// Inputs that matter: up to the one that predicts the last scored token.
std::int64_t input_length(const Sample& sample) {
  std::size_t last = sample.scored.size() - 1;
  while (last > 0 && sample.scored[last] == 0) --last;
  return static_cast<std::int64_t>(last);
}

/// To a GPU from pinned memory, so that the copy does not wait for what the GPU is doing.
torch::Tensor to_device(const torch::Tensor& host, torch::Device device) {
  if (!device.is_cuda()) return host.to(device);
  return host.pin_memory().to(device, /*non_blocking=*/true);
}

torch::Tensor to_device(const std::vector<std::int64_t>& values, torch::Device device) {
  return to_device(torch::tensor(values, torch::kInt64), device);
}

/// See Batch::starts.
torch::Tensor document_starts(std::span<const Sample> samples, std::int64_t length) {
  const auto num_samples = static_cast<std::int64_t>(samples.size());
  torch::Tensor starts = torch::zeros({num_samples, length}, torch::kInt64);
  std::int64_t* row = starts.data_ptr<std::int64_t>();
  for (const Sample& sample : samples) {
    for (const std::uint32_t start : sample.starts) {
      if (start < length) std::fill(row + start, row + length, std::int64_t{start});
    }
    row += length;
  }
  return starts;
}

}  // namespace

Batch make_batch(std::span<const Sample> samples, torch::Device device) {
  const auto num_samples = static_cast<std::int64_t>(samples.size());
  std::int64_t length = 1;
  for (const Sample& sample : samples) length = std::max(length, input_length(sample));
  torch::Tensor tokens = torch::zeros({num_samples, length}, torch::kInt64);
  std::int64_t* row = tokens.data_ptr<std::int64_t>();
  std::vector<std::int64_t> positions;
  std::vector<std::int64_t> targets;
  Batch batch;
  bool same_count = true;
  for (std::int64_t b = 0; b < num_samples; ++b, row += length) {
    const Sample& sample = samples[static_cast<std::size_t>(b)];
    const std::int64_t inputs = input_length(sample);
    const std::size_t scored_before = positions.size();
    for (std::int64_t t = 0; t < inputs; ++t) {
      row[t] = sample.tokens[static_cast<std::size_t>(t)];
      if (sample.scored[static_cast<std::size_t>(t) + 1] == 0) continue;
      positions.push_back(b * length + t);
      targets.push_back(sample.tokens[static_cast<std::size_t>(t) + 1]);
    }
    const auto scored = static_cast<std::int64_t>(positions.size() - scored_before);
    if (b == 0) batch.per_sample = scored;
    same_count = same_count && batch.per_sample == scored;
    batch.num_tokens += inputs;
  }
  if (!same_count) batch.per_sample = 0;
  batch.tokens = to_device(tokens, device);
  batch.positions = to_device(positions, device);
  batch.targets = to_device(targets, device);
  if (std::any_of(samples.begin(), samples.end(),
                  [](const Sample& sample) { return !sample.starts.empty(); }))
    batch.starts = to_device(document_starts(samples, length), device);
  return batch;
}

std::vector<Batch> make_batches(std::span<const Sample> samples, std::int64_t size,
                                torch::Device device) {
  const std::size_t step = size > 0 ? static_cast<std::size_t>(size) : samples.size();
  std::vector<Batch> batches;
  for (std::size_t begin = 0; begin < samples.size(); begin += step) {
    const auto part = samples.subspan(begin, std::min(step, samples.size() - begin));
    batches.push_back(make_batch(part, device));
  }
  return batches;
}

}  // namespace skillit
