#pragma once

#include <cstddef>
#include <cstdint>
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

/// P(Z <= z) of the standard normal, and the z with P(Z <= z) = p, 0 < p < 1; to about 1e-15.
[[nodiscard]] double normal_cdf(double z);
[[nodiscard]] double normal_quantile(double p);

/// P(T <= t) of the noncentral t: of (Z + shift) / sqrt(V / degrees), V chi-square with `degrees`.
/// By the series of Lenth (1989, algorithm AS 243), whose length grows with |shift|; to about 1e-11
/// absolute.
[[nodiscard]] double noncentral_t_cdf(double t, double degrees, double shift);

/// P(X <= k) of the number of heads in n tosses of a fair coin; 0 for k < 0.
[[nodiscard]] double fair_binomial_cdf(std::int64_t k, std::int64_t n);

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
