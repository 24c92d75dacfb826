#include "skillit/skill/mixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "skillit/base/error.h"

namespace skillit {

Mixture Mixture::from_weights(std::span<const double> weights, std::string_view where) {
  if (weights.empty()) fail(ErrorCode::kBadArgument, fmt::format("{}: no skills", where));
  double largest = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!std::isfinite(weights[i]) || weights[i] < 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: weight {} is {}; weights must be finite and not negative", where, i,
                       weights[i]));
    }
    largest = std::max(largest, weights[i]);
  }
  if (largest == 0)
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: all weights are 0; at least one must be positive", where));
  std::vector<double> shares(weights.begin(), weights.end());
  double sum = 0;  // Scaled by the largest, so that neither huge nor tiny weights leave the range
                   // of a double.
  for (double& share : shares) sum += (share /= largest);
  for (double& share : shares) share /= sum;
  return Mixture(std::move(shares));
}

Mixture Mixture::from_logits(std::span<const double> logits, std::string_view where) {
  if (logits.empty()) fail(ErrorCode::kBadArgument, fmt::format("{}: no skills", where));
  double largest = -INFINITY;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (std::isnan(logits[i]) || logits[i] == INFINITY) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: the logarithm of weight {} is {}; a loss, an edge or eta is too "
                       "large or not a number",
                       where, i, logits[i]));
    }
    largest = std::max(largest, logits[i]);
  }
  if (largest == -INFINITY)
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: all weights are 0; at least one must be positive", where));
  std::vector<double> shares(logits.size());
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i)
    sum += (shares[i] = std::exp(logits[i] - largest));
  for (double& share : shares) share /= sum;
  return Mixture(std::move(shares));
}

Mixture Mixture::uniform(std::size_t num_skills) {
  return from_weights(std::vector<double>(num_skills, 1.0));
}

}  // namespace skillit
