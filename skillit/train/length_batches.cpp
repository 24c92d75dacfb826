#include "skillit/train/length_batches.h"

#include <algorithm>
#include <numeric>

namespace skillit {

BatchLimit evaluation_limit(const Architecture& model) {
  constexpr std::int64_t kMostNumbers = 1 << 20;  // Of a layer's hidden states.
  constexpr std::int64_t kFewestTokens = 512;     // Products of fewer rows are slow.
  BatchLimit limit;
  const std::int64_t tokens = std::max(kFewestTokens, kMostNumbers / model.width);
  limit.tokens = std::min(limit.tokens, static_cast<std::size_t>(tokens));
  return limit;
}

std::vector<std::vector<std::size_t>> batches_by_length(const std::vector<Sample>& samples,
                                                        const BatchLimit& limit) {
  const auto length = [&](std::size_t index) { return samples[index].tokens.size(); };
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return length(a) < length(b); });
  std::vector<std::vector<std::size_t>> batches;
  for (const std::size_t index : order) {
    const auto fits = [&](const std::vector<std::size_t>& batch) {
      return length(batch.front()) == length(index) && batch.size() < limit.samples &&
             (batch.size() + 1) * length(index) <= limit.tokens;
    };
    if (batches.empty() || !fits(batches.back())) batches.emplace_back();
    batches.back().push_back(index);
  }
  return batches;
}

}  // namespace skillit
