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

TEST(PairedStatistics, PowerAgreesWithStatsmodels) {
  // statsmodels 0.15.0: TTestPower().power(effect, n, 0.05), two-sided
  EXPECT_NEAR(paired_t_power(1, 9), 0.7480170922294764, 1e-10);
  EXPECT_NEAR(paired_t_power(1, 10), 0.8030968566327218, 1e-10);
  EXPECT_NEAR(paired_t_power(-0.5, 34), 0.8077775012792737, 1e-10);
  EXPECT_NEAR(paired_t_power(3, 3), 0.7452680070062834, 1e-10);
  EXPECT_NEAR(paired_t_power(2, 5), 0.9088848681009402, 1e-10);
  EXPECT_NEAR(paired_t_power(0.05, 3141), 0.7999418500794451, 1e-8);
  // Without an effect it is the level itself.
  EXPECT_NEAR(paired_t_power(0, 12), 0.05, 1e-12);
}

TEST(PairedStatistics, PairsNeededAreTheFirstWithEnoughPower) {
  // statsmodels 0.15.0: TTestPower().solve_power(effect, alpha=0.05, power=0.8)
  EXPECT_EQ(pairs_needed(1, 1), 10);       // 9.94
  EXPECT_EQ(pairs_needed(-0.5, 1), 34);    // 33.37
  EXPECT_EQ(pairs_needed(3, 1), 4);        // 3.14
  EXPECT_EQ(pairs_needed(0.2, 1), 199);    // 198.15
  EXPECT_EQ(pairs_needed(0.05, 1), 3142);  // 3141.47
  EXPECT_EQ(pairs_needed(10, 1), 3);       // Two have a power of 0.733 (scipy.stats.nct).
  EXPECT_EQ(pairs_needed(1e6, 1), 2);
  // By the normal approximation: (2.8015852 / 0.001)^2 = 7,848,879.7.
  EXPECT_EQ(pairs_needed(0.001, 1), 7848880);
  EXPECT_FALSE(pairs_needed(1, 0).has_value());
  EXPECT_FALSE(pairs_needed(0, 1).has_value());
  EXPECT_FALSE(pairs_needed(1, NAN).has_value());
  EXPECT_FALSE(pairs_needed(1e-300, 1).has_value());
}

TEST(PairedStatistics, TheBootstrapIsThatOfAllResamples) {
  // 0, 0, 0, 4: the mean of a resample is the number of fours, 0 to 4, binomial with 1/4:
  // .3164 .4219 .2109 .0469 .0039. P(below the mean 1) = .3164 + .2109 = .5273, so z0 = .0686;
  // a = (3 (-1)^3 + 3^3) / (6 (12)^1.5) = .0962. Ends at Phi(z0 + z / (1 - a z)), z = z0 -+ 1.96:
  // Phi(-1.5316) = .0628, where no four was drawn, and Phi(2.5894) = .9952, where three were.
  EXPECT_EQ(bootstrap_interval(Values{0, 0, 0, 4}), (Interval{0, 3}));
}

TEST(PairedStatistics, TheBootstrapAgreesWithScipy) {
  // scipy 1.17.1: bootstrap((x,), np.mean, method='BCa', n_resamples=2000000). Ours are 10,000.
  const auto eight = bootstrap_interval(Values{0.5, 1.25, 2, 4, 9, 17, 0.25, 3});
  EXPECT_NEAR(eight->low, 1.9375, 0.07);
  EXPECT_NEAR(eight->high, 10.25, 0.25);
  const auto ten =
      bootstrap_interval(Values{-0.05, 0.12, 0.3, 0.22, 0.41, 0.08, 0.19, 0.27, 0.02, 0.55});
  EXPECT_NEAR(ten->low, 0.114, 0.004);
  EXPECT_NEAR(ten->high, 0.329, 0.004);
}

TEST(PairedStatistics, TheBootstrapIsAFunctionOfTheValues) {
  const Values values = {0.1, 0.4, 0.2, 0.9};
  EXPECT_EQ(bootstrap_interval(values), bootstrap_interval(values));
  EXPECT_FALSE(bootstrap_interval(Values{1, 2}).has_value());
  EXPECT_FALSE(bootstrap_interval(Values{1, 1, 1}).has_value());
  EXPECT_FALSE(bootstrap_interval(Values(20, 0.1)).has_value()) << "equal up to rounding";
  EXPECT_FALSE(bootstrap_interval(Values{1, 2, INFINITY}).has_value());
}

TEST(PairedStatistics, HolmByHandAndAsStatsmodels) {
  // Sorted .005 .01 .03 .04 .2 times 5 4 3 2 1: .025 .04 .09 (.08, raised to) .09 .2;
  // statsmodels 0.15.0 multipletests(method='holm') gives the same.
  const std::vector<double> adjusted = holm_adjusted(Values{0.01, 0.04, 0.03, 0.005, 0.2});
  const Values expected = {0.04, 0.09, 0.09, 0.025, 0.2};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-15);
  EXPECT_EQ(holm_adjusted(Values{0.03}), Values{0.03});
  EXPECT_EQ(holm_adjusted(Values{0.9, 0.8}), (Values{1, 1}));
}

TEST(PairedStatistics, WhatIsNoComparisonDoesNotCountInHolm) {
  const std::vector<double> adjusted = holm_adjusted(Values{0.02, NAN, 0.04});
  EXPECT_NEAR(adjusted[0], 0.04, 1e-15);
  EXPECT_TRUE(std::isnan(adjusted[1]));
  EXPECT_NEAR(adjusted[2], 0.04, 1e-15);
}

TEST(PairedStatistics, SignTestByHand) {
  EXPECT_DOUBLE_EQ(sign_test_p(0, 5), 2.0 / 32);
  EXPECT_NEAR(sign_test_p(6, 1), 2.0 * (1 + 7) / 128, 1e-14);
  EXPECT_EQ(sign_test_p(5, 5), 1);
  EXPECT_EQ(sign_test_p(0, 0), 1);
  EXPECT_NEAR(sign_test_p(3, 7), 0.34375, 1e-12);  // scipy.stats.binomtest(3, 10)
}

TEST(PairedStatistics, TheMedianKnowsWhatWasNotReached) {
  const MedianEstimate three = median_estimate(Values{300, INFINITY, 100});
  EXPECT_EQ(three.median, 300);
  EXPECT_EQ(three.interval, (Interval{100, INFINITY}));
  EXPECT_EQ(three.coverage, 0.75);  // 1 - 2 / 8
  // Six: the lowest to the highest, 1 - 2 / 64. Nine: the second to the eighth, 1 - 2 (1 + 9) /
  // 512.
  EXPECT_EQ(median_estimate(Values{1, 2, 3, 4, 5, 6}).interval, (Interval{1, 6}));
  EXPECT_DOUBLE_EQ(median_estimate(Values{1, 2, 3, 4, 5, 6}).coverage, 62.0 / 64);
  EXPECT_EQ(median_estimate(Values{1, 2, 3, 4, 5, 6}).median, 3.5);
  const MedianEstimate nine = median_estimate(Values{9, 8, 7, 6, 5, 4, 3, 2, 1});
  EXPECT_EQ(nine.interval, (Interval{2, 8}));
  EXPECT_DOUBLE_EQ(nine.coverage, 492.0 / 512);
  EXPECT_EQ(median_estimate({}).n, 0u);
  EXPECT_EQ(median_estimate(Values{INFINITY, INFINITY}).median, INFINITY);
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
