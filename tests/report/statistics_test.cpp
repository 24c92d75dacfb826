#include "skillit/report/statistics.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

#include "skillit/base/error.h"

namespace skillit {
namespace {

using Values = std::vector<double>;

constexpr double kPi = 3.14159265358979323846;

void expect_close(double found, double expected, double relative) {
  EXPECT_NEAR(found, expected, std::abs(expected) * relative);
}

TEST(Statistics, MeanAndSampleDeviation) {
  EXPECT_EQ(mean(Values{1, 2, 6}), 3);
  EXPECT_DOUBLE_EQ(sample_sd(Values{1, 2, 6}), std::sqrt(7.0));  // (4 + 1 + 9) / 2
  EXPECT_TRUE(std::isnan(mean(Values{})));
  EXPECT_TRUE(std::isnan(sample_sd(Values{5})));
}

TEST(Statistics, StudentQuantilesAgreeWithTheClosedFormsOf1And2And4Degrees) {
  for (const double p : {1e-9, 1e-4, 0.025, 0.3, 0.6, 0.9, 0.975, 0.999, 0.9999999}) {
    const double tail = std::min(p, 1 - p);
    const double sign = p < 0.5 ? -1 : 1;
    expect_close(student_t_quantile(p, 1), sign / std::tan(kPi * tail), 1e-12);
    expect_close(student_t_quantile(p, 2), (2 * p - 1) / std::sqrt(2 * p * (1 - p)), 1e-12);
    const double root = std::sqrt(4 * p * (1 - p));
    const double q = std::cos(std::acos(root) / 3) / root;
    expect_close(student_t_quantile(p, 4), sign * 2 * std::sqrt(q - 1), 1e-11);
  }
  EXPECT_EQ(student_t_quantile(0.5, 3), 0);
}

TEST(Statistics, StudentQuantilesAgreeWithHighPrecision) {
  // mpmath, 40 digits: findroot(lambda t: 1 - betainc(v/2, 0.5, 0, v/(v+t*t), regularized=True)/2 -
  // p, 2.2)
  expect_close(student_t_quantile(0.975, 2), 4.30265272974946385, 1e-12);
  expect_close(student_t_quantile(0.975, 4), 2.77644510519779436, 1e-12);
  expect_close(student_t_quantile(0.975, 9), 2.26215716279820554, 1e-12);
  expect_close(student_t_quantile(0.975, 29), 2.0452296421327043, 1e-12);
  expect_close(student_t_quantile(0.995, 10), 3.16927267261695123, 1e-12);
  expect_close(student_t_quantile(0.9, 2.5), 1.73025092880717659, 1e-12);
  expect_close(student_t_quantile(0.975, 1000), 1.96233908082640848, 1e-11);
}

TEST(Statistics, TheQuantileUndoesTheCdf) {
  for (const double degrees : {1.0, 2.5, 7.0, 40.0, 400.0}) {
    for (const double t : {-30.0, -2.0, -0.01, 0.5, 3.0}) {
      expect_close(student_t_quantile(student_t_cdf(t, degrees), degrees), t, 1e-9);
    }
    EXPECT_EQ(student_t_cdf(0, degrees), 0.5);
  }
}

TEST(Statistics, AnEstimateHasTheTInterval) {
  const Estimate e = estimate(Values{1, 2, 6});
  EXPECT_EQ(e.n, 3u);
  EXPECT_EQ(e.mean, 3);
  const double reach = 4.302652729749464 * std::sqrt(7.0 / 3);  // t(.975, 2) sd / sqrt(3)
  EXPECT_NEAR(e.low, 3 - reach, 1e-9);
  EXPECT_NEAR(e.high, 3 + reach, 1e-9);
}

TEST(Statistics, OneValueHasNoInterval) {
  const Estimate e = estimate(Values{4});
  EXPECT_EQ(e.mean, 4);
  EXPECT_FALSE(e.has_interval());
  EXPECT_TRUE(std::isnan(e.low));
}

TEST(Statistics, PairedDifferenceByHand) {
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

TEST(Statistics, SignFlipsCountPatternsAtLeastAsFar) {
  // 4, -1: sums 3, 5, -5, -3: all four are at least 3 away.
  EXPECT_EQ(paired_difference(Values{4, 0}, Values{0, 1}).sign_p, 1.0);
  // 1, 1, 1, -1 sums to 2: 1 of 16 gives 4, 4 give 2, and as many on the other side.
  EXPECT_EQ(paired_difference(Values{1, 1, 1, 0}, Values{0, 0, 0, 1}).sign_p, 10.0 / 16);
  EXPECT_EQ(paired_difference(Values(20, 0.1), Values(20, 0.0)).sign_p, 2.0 / (1 << 20));
  EXPECT_FALSE(paired_difference(Values(21, 0.1), Values(21, 0.0)).sign_p.has_value());
}

TEST(Statistics, EqualPairsAreNotSeparated) {
  const PairedDifference d = paired_difference(Values{1, 2}, Values{1, 2});
  EXPECT_EQ(d.p_value, 1);
  EXPECT_FALSE(d.separated());
  EXPECT_FALSE(d.pairs_needed.has_value());
}

TEST(Statistics, AConstantDifferenceClaimsNothing) {
  const PairedDifference d = paired_difference(Values{2, 3}, Values{1, 2});
  EXPECT_TRUE(std::isnan(d.p_value));
  EXPECT_FALSE(d.separated());
  EXPECT_FALSE(d.pairs_needed.has_value());
}

TEST(Statistics, OnePairConcludesNothing) {
  const PairedDifference d = paired_difference(Values{2}, Values{1});
  EXPECT_EQ(d.difference.mean, 1);
  EXPECT_TRUE(std::isnan(d.p_value));
  EXPECT_FALSE(d.separated());
  EXPECT_FALSE(d.pairs_needed.has_value());
}

TEST(Statistics, PairsMustMatch) {
  EXPECT_THROW((void)paired_difference(Values{1, 2}, Values{1}), Error);
}

TEST(Statistics, PairsNeededByHand) {
  // (1.959964 + 0.841621)^2 = 7.848880; z^2 / 2 = 1.920729.
  EXPECT_EQ(pairs_needed(1, 1), 10);     // 9.77
  EXPECT_EQ(pairs_needed(-0.5, 1), 34);  // 33.32
  EXPECT_EQ(pairs_needed(3, 1), 3);      // 2.79
  EXPECT_FALSE(pairs_needed(1, 0).has_value());
  EXPECT_FALSE(pairs_needed(0, 1).has_value());
  EXPECT_FALSE(pairs_needed(1, NAN).has_value());
}

TEST(Statistics, CurveMeanByHand) {
  const std::vector<std::uint64_t> steps = {0, 10, 40};
  // 10 x 3 + 30 x 1.5 = 75, over 40 steps.
  EXPECT_DOUBLE_EQ(curve_mean(steps, Values{4, 2, 1}), 75.0 / 40);
  EXPECT_EQ(curve_mean(std::vector<std::uint64_t>{5}, Values{3}), 3);
  EXPECT_TRUE(std::isnan(curve_mean({}, {})));
}

TEST(Statistics, TheFirstStepAtTheThresholdCounts) {
  const std::vector<std::uint64_t> steps = {0, 10, 20, 30};
  const Values values = {0.7, 0.1, 0.3, 0.05};
  EXPECT_EQ(steps_to_threshold(steps, values, 0.1), 10u);
  EXPECT_EQ(steps_to_threshold(steps, values, 0.09), 30u);
  EXPECT_EQ(steps_to_threshold(steps, values, 1), 0u);
  EXPECT_FALSE(steps_to_threshold(steps, values, 0.01).has_value());
}

}  // namespace
}  // namespace skillit
