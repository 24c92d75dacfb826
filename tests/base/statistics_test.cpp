#include "skillit/base/statistics.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

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

TEST(Statistics, NormalAgreesWithTables) {
  EXPECT_EQ(normal_cdf(0), 0.5);
  expect_close(normal_cdf(1.959963984540054), 0.975, 1e-14);
  expect_close(normal_quantile(0.8), 0.8416212335729143, 1e-14);
  expect_close(normal_quantile(0.025), -1.959963984540054, 1e-14);
  expect_close(normal_cdf(-8), 6.220960574271785e-16, 1e-12);  // scipy.stats.norm.cdf(-8)
}

TEST(Statistics, NoncentralTByHand) {
  // At t = 0 the sign of Z + shift decides, whatever the degrees.
  expect_close(noncentral_t_cdf(0, 7, 1.5), normal_cdf(-1.5), 1e-13);
  // Without a shift it is Student's t.
  EXPECT_EQ(noncentral_t_cdf(1.3, 4, 0), student_t_cdf(1.3, 4));
  EXPECT_NEAR(noncentral_t_cdf(-1.3, 4, 1e-9), student_t_cdf(-1.3, 4), 1e-9);
}

TEST(Statistics, NoncentralTAgreesWithScipy) {
  // scipy 1.17.1: scipy.stats.nct.cdf(t, degrees, shift)
  EXPECT_NEAR(noncentral_t_cdf(2.0, 5, 1.0), 0.7780746626162148, 1e-12);
  EXPECT_NEAR(noncentral_t_cdf(2.262157162740992, 9, 3.162277660168379), 0.19690379129476668,
              1e-12);
  EXPECT_NEAR(noncentral_t_cdf(-1.0, 3, 0.5), 0.09212120981435942, 1e-12);
  EXPECT_NEAR(noncentral_t_cdf(12.706204736174694, 1, 4.0), 0.7536448612716296, 1e-12);
  EXPECT_NEAR(noncentral_t_cdf(2.1, 40, 2.8), 0.24370440409092106, 1e-12);
  EXPECT_NEAR(noncentral_t_cdf(30, 2, 20), 0.6411006215951047, 1e-11);
}

TEST(Statistics, FairCoinByHand) {
  EXPECT_DOUBLE_EQ(fair_binomial_cdf(1, 4), 5.0 / 16);
  EXPECT_EQ(fair_binomial_cdf(-1, 4), 0);
  EXPECT_EQ(fair_binomial_cdf(4, 4), 1);
  EXPECT_NEAR(fair_binomial_cdf(1500, 3000), 0.5072830492578976, 1e-10);  // scipy.stats.binom.cdf
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

}  // namespace
}  // namespace skillit
