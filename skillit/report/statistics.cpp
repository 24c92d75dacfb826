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
  result.bootstrap = bootstrap_interval(differences);
  result.sign_p = sign_flip_p(differences);
  result.pairs_needed = pairs_needed(result.difference.mean, result.difference.sd);
  return result;
}

double paired_t_power(double effect, double n) {
  const double critical = student_t_quantile(0.975, n - 1);
  const double shift = std::abs(effect) * std::sqrt(n);
  return 1 - noncentral_t_cdf(critical, n - 1, shift) + noncentral_t_cdf(-critical, n - 1, shift);
}

std::optional<double> pairs_needed(double mean, double sd) {
  constexpr double kWanted = 0.8;
  constexpr double kMostExact = 100000;
  const double effect = std::abs(mean) / sd;
  if (sd == 0 || effect == 0 || !std::isfinite(effect)) return std::nullopt;
  if (effect > 1000) return 2;
  const double z = normal_quantile(0.975) + normal_quantile(kWanted);
  const double normal = std::ceil(std::pow(z / effect, 2));
  if (!std::isfinite(normal)) return std::nullopt;
  if (normal > kMostExact) return normal;
  double too_few = 1, enough = 2;
  while (paired_t_power(effect, enough) < kWanted) {
    too_few = enough;
    enough *= 2;
  }
  while (enough - too_few > 1) {
    const double middle = std::floor((too_few + enough) / 2);
    (paired_t_power(effect, middle) < kWanted ? too_few : enough) = middle;
  }
  return enough;
}

std::vector<double> holm_adjusted(std::span<const double> p_values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    if (!std::isnan(p_values[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size(), kNaN);
  double so_far = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto remaining = static_cast<double>(order.size() - rank);
    so_far = std::max(so_far, std::min(1.0, remaining * p_values[order[rank]]));
    adjusted[order[rank]] = so_far;
  }
  return adjusted;
}

double sign_test_p(std::size_t less, std::size_t more) {
  const auto rarer = static_cast<std::int64_t>(std::min(less, more));
  return std::min(1.0, 2 * fair_binomial_cdf(rarer, static_cast<std::int64_t>(less + more)));
}

MedianEstimate median_estimate(std::span<const double> values) {
  MedianEstimate result{.n = values.size()};
  if (values.empty()) return result;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  result.median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  const auto outside = [&](std::size_t k) {
    return fair_binomial_cdf(static_cast<std::int64_t>(k) - 1, static_cast<std::int64_t>(n));
  };
  std::size_t k = 1;
  while (2 * (k + 1) <= n && outside(k + 1) <= 0.025) ++k;
  result.interval = {sorted[k - 1], sorted[n - k]};
  result.coverage = 1 - 2 * outside(k);
  return result;
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
