#include <algorithm>
#include <cmath>
#include <vector>

#include "skillit/base/rng.h"
#include "skillit/report/statistics.h"

namespace skillit {
namespace {

constexpr std::size_t kResamples = 10000;

std::vector<double> resampled_means(std::span<const double> values) {
  Rng rng(0, "bootstrap", values.size());
  std::vector<double> means(kResamples);
  for (double& result : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[rng.below(values.size())];
    result = sum / static_cast<double>(values.size());
  }
  std::sort(means.begin(), means.end());
  return means;
}

/// Whether the values differ by more than rounding.
bool has_spread(std::span<const double> values) {
  double size = 0;
  for (const double value : values) size = std::max(size, std::abs(value));
  return sample_sd(values) > 1e-12 * size && std::isfinite(size);
}

/// The part of the sorted values below `center`, those equal up to rounding counted half.
double part_below(const std::vector<double>& sorted, double center) {
  const double rounding = 1e-12 * (sorted.back() - sorted.front());
  const auto first_equal = std::lower_bound(sorted.begin(), sorted.end(), center - rounding);
  const auto first_above = std::upper_bound(sorted.begin(), sorted.end(), center + rounding);
  return static_cast<double>((first_equal - sorted.begin()) + (first_above - sorted.begin())) /
         (2 * static_cast<double>(sorted.size()));
}

/// Between the two sorted values beside place p (n - 1), linearly.
double sorted_quantile(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(place), sorted.size() - 2);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[low + 1] - sorted[low]);
}

/// Of the mean, by its jackknife: sum d^3 / (6 (sum d^2)^(3/2)), d the deviations.
double acceleration(std::span<const double> values, double center) {
  double squares = 0, cubes = 0;
  for (const double value : values) {
    const double d = value - center;
    squares += d * d;
    cubes += d * d * d;
  }
  return cubes / (6 * std::pow(squares, 1.5));
}

}  // namespace

std::optional<Interval> bootstrap_interval(std::span<const double> values) {
  if (values.size() < 3 || !has_spread(values)) return std::nullopt;
  const double center = mean(values);
  const std::vector<double> means = resampled_means(values);
  const double bias = normal_quantile(part_below(means, center));
  const double a = acceleration(values, center);
  const auto end = [&](double p) {
    const double z = bias + normal_quantile(p);
    return sorted_quantile(means, normal_cdf(bias + z / (1 - a * z)));
  };
  return Interval{end(0.025), end(0.975)};
}

}  // namespace skillit
