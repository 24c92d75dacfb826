#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "skillit/base/statistics.h"

namespace skillit {

/// From low to high.
struct Interval {
  double low = 0;
  double high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// What can be concluded from paired values, such as two methods on the same seeds.
struct PairedDifference {
  Estimate difference;                 ///< Of first - second, with the paired t interval.
  std::optional<Interval> bootstrap;   ///< See bootstrap_interval().
  double p_value = 0;                  ///< Two-sided paired t test; NaN where spread is not known.
  std::optional<double> holm_p;        ///< p_value corrected for the comparisons beside it.
  std::optional<double> sign_p;        ///< By all 2^n sign flips, two-sided; absent above 20 pairs.
  std::optional<double> pairs_needed;  ///< See pairs_needed(); absent when no number would do.

  /// The 95 % interval leaves zero out, and where the difference is one of several comparisons so
  /// does their correction. Never claimed without spread: a few equal differences (of steps between
  /// evaluations, say) do not make a certainty.
  [[nodiscard]] bool separated() const noexcept { return clear_alone() && !(holm_p > 0.05); }
  /// The same of this one comparison, as if it were the only one.
  [[nodiscard]] bool clear_alone() const noexcept {
    return difference.sd > 0 && (difference.low > 0 || difference.high < 0);
  }
};
/// first[i] and second[i] belong together. holm_p is left to the caller, who knows the others.
/// @throws Error kBadArgument on unequal lengths.
[[nodiscard]] PairedDifference paired_difference(std::span<const double> first,
                                                 std::span<const double> second);

/// Probability that the two-sided paired t test at the 5 % level finds a true mean difference of
/// `effect` standard deviations with n >= 2 pairs: by the noncentral t with shift effect sqrt(n).
[[nodiscard]] double paired_t_power(double effect, double n);

/// The smallest number of pairs with which a true difference `mean` with standard deviation `sd` is
/// found with 80 % probability (paired_t_power); above 100,000 by the normal approximation. Nothing
/// when either is 0 or NaN.
[[nodiscard]] std::optional<double> pairs_needed(double mean, double sd);

/// 95 % interval of the mean of `values` by 10,000 bootstrap resamples, bias-corrected and
/// accelerated (BCa: Efron 1987). The resamples are drawn from a fixed seed: the same values give
/// the same interval. Nothing below three values or without spread. Below about ten it is too
/// narrow.
[[nodiscard]] std::optional<Interval> bootstrap_interval(std::span<const double> values);

/// Holm's (1979) step-down correction: by which p values may be called significant together at a
/// level that holds for all of them. NaN is no comparison and stays NaN.
[[nodiscard]] std::vector<double> holm_adjusted(std::span<const double> p_values);

/// Two-sided sign test: how likely it is that of less + more fair coins one side has no more than
/// the rarer one here. 1 when there are none.
[[nodiscard]] double sign_test_p(std::size_t less, std::size_t more);

/// The middle of values of which some may be infinite (not reached), with an interval that assumes
/// nothing about their distribution.
struct MedianEstimate {
  std::size_t n = 0;
  double median = std::numeric_limits<double>::quiet_NaN();
  /// From the k-th lowest to the k-th highest value, k as large as `coverage` >= 95 % allows; from
  /// the lowest to the highest where nothing does (n < 6).
  Interval interval{};
  double coverage = 0;  ///< 1 - 2 P(fewer than k of n fair coins): that the interval holds it.
};
/// No value may be NaN. Of an even number the median is the mean of the middle two.
[[nodiscard]] MedianEstimate median_estimate(std::span<const double> values);

/// Mean of a curve over its span: area by trapezoids / (last step - first step). The value itself
/// when there is one point, NaN when there is none. Steps increase.
[[nodiscard]] double curve_mean(std::span<const std::uint64_t> steps,
                                std::span<const double> values);

/// First measured step at which the value is at or below the threshold; nothing when it never is.
/// Not interpolated: what was not measured is not claimed.
[[nodiscard]] std::optional<std::uint64_t> steps_to_threshold(std::span<const std::uint64_t> steps,
                                                              std::span<const double> values,
                                                              double threshold);

}  // namespace skillit
