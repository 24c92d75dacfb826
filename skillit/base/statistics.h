#pragma once

#include <cstddef>
#include <span>

namespace skillit {

/// Mean of the values; NaN of none.
[[nodiscard]] double mean(std::span<const double> values);
/// Sample standard deviation (divisor n - 1); NaN of fewer than two.
[[nodiscard]] double sample_sd(std::span<const double> values);

/// P(T <= t) of Student's t with `degrees` > 0 degrees of freedom.
[[nodiscard]] double student_t_cdf(double t, double degrees);
/// The t with P(T <= t) = p, 0 < p < 1; to about 1e-12 relative.
[[nodiscard]] double student_t_quantile(double p, double degrees);

/// A mean with its 95 % t interval. Below two values sd and the interval are NaN.
struct Estimate {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0;
  double low = 0;
  double high = 0;
  [[nodiscard]] bool has_interval() const noexcept { return n >= 2; }
};
[[nodiscard]] Estimate estimate(std::span<const double> values);

}  // namespace skillit
