#include "skillit/data/megatron_blend.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "skillit/base/error.h"

namespace skillit {
namespace {

/// As NumPy adds: eight sums side by side in runs of up to 128, larger runs as two halves.
double pairwise_sum(std::span<const double> values) {
  constexpr std::size_t kLanes = 8;
  constexpr std::size_t kRun = 128;
  double sum = 0;
  if (values.size() < kLanes) {
    for (const double value : values) sum += value;
    return sum;
  }
  if (values.size() > kRun) {
    const std::size_t half = values.size() / 2 / kLanes * kLanes;
    return pairwise_sum(values.first(half)) + pairwise_sum(values.subspan(half));
  }
  std::array<double, kLanes> lanes{};
  std::size_t i = 0;
  for (; i < values.size() / kLanes * kLanes; ++i) lanes[i % kLanes] += values[i];
  sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
        ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  for (; i < values.size(); ++i) sum += values[i];
  return sum;
}

}  // namespace

std::vector<double> megatron_normalize(std::span<const double> weights) {
  for (const double weight : weights) {
    if (std::isfinite(weight) && weight > 0) continue;
    fail(ErrorCode::kBadArgument,
         fmt::format("blend: a weight is {}; Megatron's must be finite and > 0", weight));
  }
  const double sum = pairwise_sum(weights);
  std::vector<double> normalized(weights.begin(), weights.end());
  for (double& weight : normalized) weight /= sum;
  return normalized;
}

std::vector<std::uint64_t> megatron_requests(std::span<const double> weights, std::uint64_t size) {
  constexpr double kSurplus = 0.005;
  std::vector<std::uint64_t> requests;
  for (const double weight : weights) {
    const double share = std::ceil(static_cast<double>(size) * weight);
    requests.push_back(static_cast<std::uint64_t>(std::ceil(share * (1 + kSurplus))));
  }
  return requests;
}

MegatronBlend::MegatronBlend(std::vector<double> weights)
    : weights_(std::move(weights)), taken_(weights_.size(), 0) {
  if (weights_.empty()) fail(ErrorCode::kBadArgument, "blend: there are no weights");
  if (!std::all_of(weights_.begin(), weights_.end(), [](double w) { return std::isfinite(w); }))
    fail(ErrorCode::kBadArgument, "blend: a weight is not finite");
}

MegatronBlend::Place MegatronBlend::next() {
  const double due = std::max(static_cast<double>(size_), 1.0);
  std::size_t furthest = 0;
  double most = weights_[0] * due - taken_[0];
  for (std::size_t i = 1; i < weights_.size(); ++i) {
    const double behind = weights_[i] * due - taken_[i];
    if (behind > most) {
      most = behind;
      furthest = i;
    }
  }
  ++size_;
  const auto sample = static_cast<std::uint64_t>(taken_[furthest]);
  taken_[furthest] += 1;
  return {static_cast<std::uint32_t>(furthest), sample};
}

}  // namespace skillit
