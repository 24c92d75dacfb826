#include "skillit/report/statistics.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "skillit/base/error.h"

namespace skillit {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostFlippedPairs = 20;

/// Share of the 2^n sign patterns whose sum is at least as far from zero as the observed one.
std::optional<double> sign_flip_p(std::span<const double> differences) {
  const std::size_t n = differences.size();
  if (n == 0 || n > kMostFlippedPairs) return std::nullopt;
  double observed = 0, magnitude = 0;
  for (const double d : differences) {
    observed += d;
    magnitude += std::abs(d);
  }
  const double at_least = std::abs(observed) - 1e-12 * magnitude;  // Equal up to rounding counts.
  const std::uint64_t patterns = std::uint64_t{1} << n;
  std::uint64_t as_far = 0;
  double sum = observed;
  std::uint64_t flipped = 0;
  for (std::uint64_t i = 1;; ++i) {
    if (std::abs(sum) >= at_least) ++as_far;
    if (i == patterns) break;
    // Gray code: each pattern differs from the one before in one sign.
    const int bit = std::countr_zero(i);
    flipped ^= std::uint64_t{1} << bit;
    sum += ((flipped >> bit) & 1 ? -2 : 2) * differences[static_cast<std::size_t>(bit)];
  }
  return static_cast<double>(as_far) / static_cast<double>(patterns);
}

double two_sided_p(const Estimate& difference) {
  if (!difference.has_interval()) return kNaN;
  if (difference.sd == 0) return difference.mean == 0 ? 1 : kNaN;
  const auto n = static_cast<double>(difference.n);
  return 2 * student_t_cdf(-std::abs(difference.mean) / (difference.sd / std::sqrt(n)), n - 1);
}

}  // namespace

PairedDifference paired_difference(std::span<const double> first, std::span<const double> second) {
  if (first.size() != second.size()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("paired difference: {} values against {}; each value needs its partner",
                     first.size(), second.size()));
  }
  std::vector<double> differences(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) differences[i] = first[i] - second[i];
  PairedDifference result;
  result.difference = estimate(differences);
  result.p_value = two_sided_p(result.difference);
  result.sign_p = sign_flip_p(differences);
  result.pairs_needed = pairs_needed(result.difference.mean, result.difference.sd);
  return result;
}

std::optional<double> pairs_needed(double mean, double sd) {
  if (sd == 0) return std::nullopt;
  constexpr double kZ975 = 1.959963984540054;
  constexpr double kZ80 = 0.8416212335729143;
  const double pairs = std::pow((kZ975 + kZ80) * sd / mean, 2) + kZ975 * kZ975 / 2;
  if (!std::isfinite(pairs)) return std::nullopt;
  return std::max(2.0, std::ceil(pairs));
}

double curve_mean(std::span<const std::uint64_t> steps, std::span<const double> values) {
  SKILLIT_ASSERT(steps.size() == values.size());
  if (values.empty()) return kNaN;
  if (values.size() == 1) return values[0];
  double area = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    area += static_cast<double>(steps[i] - steps[i - 1]) * (values[i - 1] + values[i]) / 2;
  }
  return area / static_cast<double>(steps.back() - steps.front());
}

std::optional<std::uint64_t> steps_to_threshold(std::span<const std::uint64_t> steps,
                                                std::span<const double> values, double threshold) {
  SKILLIT_ASSERT(steps.size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] <= threshold) return steps[i];
  }
  return std::nullopt;
}

}  // namespace skillit
