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

/// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method.
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  constexpr double kPrecision = 1e-16;
  const auto nonzero = [](double v) { return std::abs(v) < kTiny ? kTiny : v; };
  double c = 1;
  double d = 1 / nonzero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < 10000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < kPrecision) break;
  }
  return fraction;
}

/// Regularised incomplete beta function I_x(a, b); y = 1 - x, given apart so that neither is lost.
double incomplete_beta(double a, double b, double x, double y) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const double log_front =
      std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(y);
  const double front = std::exp(log_front);
  // The fraction converges fast on this side of the mean only.
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, y) / b;
}

/// P(T > t) for t >= 0.
double upper_tail(double t, double degrees) {
  const double scale = degrees + t * t;
  return 0.5 * incomplete_beta(degrees / 2, 0.5, degrees / scale, t * t / scale);
}

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
  return 2 * upper_tail(std::abs(difference.mean) / (difference.sd / std::sqrt(n)), n - 1);
}

}  // namespace

double mean(std::span<const double> values) {
  if (values.empty()) return kNaN;
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double sample_sd(std::span<const double> values) {
  if (values.size() < 2) return kNaN;
  const double center = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - center) * (value - center);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

double student_t_cdf(double t, double degrees) {
  const double tail = upper_tail(std::abs(t), degrees);
  return t > 0 ? 1 - tail : tail;
}

double student_t_quantile(double p, double degrees) {
  if (p == 0.5) return 0;
  const double tail = std::min(p, 1 - p);
  double low = 0, high = 1;
  while (upper_tail(high, degrees) > tail) high *= 2;
  for (;;) {  // Until no number is left between the two.
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (upper_tail(middle, degrees) > tail ? low : high) = middle;
  }
  return p < 0.5 ? -high : high;
}

Estimate estimate(std::span<const double> values) {
  Estimate result{
      .n = values.size(), .mean = mean(values), .sd = sample_sd(values), .low = kNaN, .high = kNaN};
  if (result.has_interval()) {
    const auto n = static_cast<double>(result.n);
    const double reach = student_t_quantile(0.975, n - 1) * result.sd / std::sqrt(n);
    result.low = result.mean - reach;
    result.high = result.mean + reach;
  }
  return result;
}

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
