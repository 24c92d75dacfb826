#include "skillit/base/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

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

}  // namespace skillit
