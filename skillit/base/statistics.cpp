#include "skillit/base/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "skillit/base/error.h"

namespace skillit {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

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

/// The z or t >= 0 above which `upper` leaves `tail`, by halving until no number is left between.
template <class Upper>
double invert_upper(const Upper& upper, double tail) {
  SKILLIT_ASSERT(tail > 0);
  double low = 0, high = 1;
  while (upper(high) > tail) high *= 2;
  for (;;) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    (upper(middle) > tail ? low : high) = middle;
  }
}

double normal_upper(double z) {
  return 0.5 * std::erfc(z / std::sqrt(2.0));
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
  const double t =
      invert_upper([&](double x) { return upper_tail(x, degrees); }, std::min(p, 1 - p));
  return p < 0.5 ? -t : t;
}

double normal_cdf(double z) {
  return normal_upper(-z);
}

double normal_quantile(double p) {
  if (p == 0.5) return 0;
  const double z = invert_upper(normal_upper, std::min(p, 1 - p));
  return p < 0.5 ? -z : z;
}

double noncentral_t_cdf(double t, double degrees, double shift) {
  if (t < 0) return 1 - noncentral_t_cdf(-t, degrees, -shift);
  const double scale = degrees + t * t;
  const double half = shift * shift / 2;
  if (half == 0) return student_t_cdf(t, degrees);
  // Poisson weights: what is further than this from their mean does not count.
  const double reach = 12 * std::sqrt(half) + 40;
  double sum = 0;
  for (double j = std::max(0.0, std::floor(half - reach)); j <= half + reach; ++j) {
    const double log_weight = j * std::log(half) - half;
    const double even = std::exp(log_weight - std::lgamma(j + 1));
    const double odd = shift / std::sqrt(2.0) * std::exp(log_weight - std::lgamma(j + 1.5));
    sum += even * incomplete_beta(j + 0.5, degrees / 2, t * t / scale, degrees / scale) +
           odd * incomplete_beta(j + 1, degrees / 2, t * t / scale, degrees / scale);
  }
  return normal_cdf(-shift) + sum / 2;
}

double fair_binomial_cdf(std::int64_t k, std::int64_t n) {
  if (k >= n) return 1;
  const auto count = static_cast<double>(n);
  double sum = 0;
  for (std::int64_t i = 0; i <= k; ++i) {
    const auto heads = static_cast<double>(i);
    sum += std::exp(std::lgamma(count + 1) - std::lgamma(heads + 1) -
                    std::lgamma(count - heads + 1) - count * std::log(2.0));
  }
  return std::min(1.0, sum);
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

}  // namespace skillit
