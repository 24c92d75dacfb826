#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "skillit/base/statistics.h"

namespace skillit {

/// What can be concluded from paired values, such as two methods on the same seeds.
struct PairedDifference {
  Estimate difference;                 ///< Of first - second.
  double p_value = 0;                  ///< Two-sided paired t test; NaN where spread is not known.
  std::optional<double> sign_p;        ///< By all 2^n sign flips, two-sided; absent above 20 pairs.
  std::optional<double> pairs_needed;  ///< See pairs_needed(); absent when no number would do.

  /// The 95 % interval leaves zero out. Never claimed without spread: a few equal differences (of
  /// steps between evaluations, say) do not make a certainty.
  [[nodiscard]] bool separated() const noexcept {
    return difference.sd > 0 && (difference.low > 0 || difference.high < 0);
  }
};
/// first[i] and second[i] belong together. @throws Error kBadArgument on unequal lengths.
[[nodiscard]] PairedDifference paired_difference(std::span<const double> first,
                                                 std::span<const double> second);

/// Pairs with which a true difference `mean` with standard deviation `sd` is separated from zero at
/// the two-sided 5 % level with 80 % probability: ((z.975 + z.8) sd / mean)^2 + z.975^2 / 2,
/// rounded up; the second term makes up for t being wider than normal. Nothing when either is 0 or
/// NaN.
[[nodiscard]] std::optional<double> pairs_needed(double mean, double sd);

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
