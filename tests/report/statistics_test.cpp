#include "skillit/report/statistics.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

#include "skillit/base/error.h"

namespace skillit {
namespace {

using Values = std::vector<double>;

TEST(PairedStatistics, PairedDifferenceByHand) {
  // Differences 1, 2, 3: mean 2, sd 1, t = 2 sqrt(3) with 2 degrees, for which
  // p = 1 - t / sqrt(2 + t^2) = 1 - sqrt(12 / 14).
  const PairedDifference d = paired_difference(Values{11, 22, 33}, Values{10, 20, 30});
  EXPECT_EQ(d.difference.mean, 2);
  EXPECT_EQ(d.difference.sd, 1);
  EXPECT_NEAR(d.p_value, 1 - std::sqrt(12.0 / 14), 1e-13);
  EXPECT_NEAR(d.difference.low, 2 - 4.302652729749464 / std::sqrt(3.0), 1e-9);
  EXPECT_FALSE(d.separated());
  EXPECT_EQ(d.sign_p, 0.25);  // Only +++ and --- of 8 are as far from zero.
}

TEST(PairedStatistics, SignFlipsCountPatternsAtLeastAsFar) {
  // 4, -1: sums 3, 5, -5, -3: all four are at least 3 away.
  EXPECT_EQ(paired_difference(Values{4, 0}, Values{0, 1}).sign_p, 1.0);
  // 1, 1, 1, -1 sums to 2: 1 of 16 gives 4, 4 give 2, and as many on the other side.
  EXPECT_EQ(paired_difference(Values{1, 1, 1, 0}, Values{0, 0, 0, 1}).sign_p, 10.0 / 16);
  EXPECT_EQ(paired_difference(Values(20, 0.1), Values(20, 0.0)).sign_p, 2.0 / (1 << 20));
  EXPECT_FALSE(paired_difference(Values(21, 0.1), Values(21, 0.0)).sign_p.has_value());
}

TEST(PairedStatistics, EqualPairsAreNotSeparated) {
  const PairedDifference d = paired_difference(Values{1, 2}, Values{1, 2});
  EXPECT_EQ(d.p_value, 1);
  EXPECT_FALSE(d.separated());
  EXPECT_FALSE(d.pairs_needed.has_value());
}

TEST(PairedStatistics, AConstantDifferenceClaimsNothing) {
  const PairedDifference d = paired_difference(Values{2, 3}, Values{1, 2});
  EXPECT_TRUE(std::isnan(d.p_value));
  EXPECT_FALSE(d.separated());
  EXPECT_FALSE(d.pairs_needed.has_value());
}

TEST(PairedStatistics, OnePairConcludesNothing) {
  const PairedDifference d = paired_difference(Values{2}, Values{1});
  EXPECT_EQ(d.difference.mean, 1);
  EXPECT_TRUE(std::isnan(d.p_value));
  EXPECT_FALSE(d.separated());
  EXPECT_FALSE(d.pairs_needed.has_value());
}

TEST(PairedStatistics, PairsMustMatch) {
  EXPECT_THROW((void)paired_difference(Values{1, 2}, Values{1}), Error);
}

TEST(PairedStatistics, PairsNeededByHand) {
  // (1.959964 + 0.841621)^2 = 7.848880; z^2 / 2 = 1.920729.
  EXPECT_EQ(pairs_needed(1, 1), 10);     // 9.77
  EXPECT_EQ(pairs_needed(-0.5, 1), 34);  // 33.32
  EXPECT_EQ(pairs_needed(3, 1), 3);      // 2.79
  EXPECT_FALSE(pairs_needed(1, 0).has_value());
  EXPECT_FALSE(pairs_needed(0, 1).has_value());
  EXPECT_FALSE(pairs_needed(1, NAN).has_value());
}

TEST(PairedStatistics, CurveMeanByHand) {
  const std::vector<std::uint64_t> steps = {0, 10, 40};
  // 10 x 3 + 30 x 1.5 = 75, over 40 steps.
  EXPECT_DOUBLE_EQ(curve_mean(steps, Values{4, 2, 1}), 75.0 / 40);
  EXPECT_EQ(curve_mean(std::vector<std::uint64_t>{5}, Values{3}), 3);
  EXPECT_TRUE(std::isnan(curve_mean({}, {})));
}

TEST(PairedStatistics, TheFirstStepAtTheThresholdCounts) {
  const std::vector<std::uint64_t> steps = {0, 10, 20, 30};
  const Values values = {0.7, 0.1, 0.3, 0.05};
  EXPECT_EQ(steps_to_threshold(steps, values, 0.1), 10u);
  EXPECT_EQ(steps_to_threshold(steps, values, 0.09), 30u);
  EXPECT_EQ(steps_to_threshold(steps, values, 1), 0u);
  EXPECT_FALSE(steps_to_threshold(steps, values, 0.01).has_value());
}

}  // namespace
}  // namespace skillit
