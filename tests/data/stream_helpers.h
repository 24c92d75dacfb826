#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "skillit/base/rng.h"
#include "skillit/data/mixture_stream.h"

namespace skillit::stream_tests {

inline Mixture mix(const std::vector<double>& weights) {
  return Mixture::from_weights(weights);
}

/// Shares over eight orders of magnitude, some of them 1e-4 or 0.
inline Mixture random_mixture(std::size_t num_skills, Rng& rng) {
  std::vector<double> weights(num_skills);
  for (double& weight : weights) {
    weight = std::exp(3 * rng.normal());
    if (rng.below(4) == 0) weight = 1e-4;
    if (rng.below(4) == 0) weight = 0;
  }
  weights[rng.below(num_skills)] = 1;
  return mix(weights);
}

inline std::vector<SampleRef> read_rest(MixtureStream& stream) {
  std::vector<SampleRef> samples(stream.block_size() - stream.offset());
  stream.read(samples);
  return samples;
}

inline double worst_distance(const MixtureStream& stream) {
  const auto delivered = stream.delivered();
  const auto asked = stream.asked();
  double worst = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    worst = std::max(worst, std::abs(asked[i] - static_cast<double>(delivered[i])));
  }
  return worst;
}

/// Tokens of a sample: 1 to 60.
inline std::uint64_t tokens_of(const SampleRef& sample) {
  return 1 + mix64(sample.skill * 1'000'003 + sample.index) % 60;
}

inline StreamOptions fair(StreamUnit unit = StreamUnit::kSamples,
                          WhenSpent when_spent = WhenSpent::kRepeat) {
  return {unit, when_spent, true, tokens_of};
}

}  // namespace skillit::stream_tests
