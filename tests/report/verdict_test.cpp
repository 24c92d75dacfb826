#include "skillit/report/verdict.h"

#include <gmock/gmock.h>

#include <vector>

namespace skillit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string say(const std::vector<double>& first, const std::vector<double>& second,
                Quantity quantity = Quantity::kLoss, std::size_t pairs_without_value = 0) {
  PairSummary pair;
  pair.first = "skillit";
  pair.second = "random";
  pair.common_seeds.resize(first.size() + pairs_without_value);
  return verdict(pair, paired_difference(first, second), quantity);
}

TEST(Verdict, ASeparatedDifferenceNamesTheLowerOneWithItsInterval) {
  // Differences .1, .2, .3, .4: mean .25, sd .129099, t(.975, 3) = 3.182446: .25 +- .205426.
  const std::vector<double> low = {1, 1, 1, 1}, high = {1.1, 1.2, 1.3, 1.4};
  EXPECT_EQ(say(low, high), "skillit is lower by 0.250 [0.0446, 0.455], n = 4, p = 0.03");
  EXPECT_EQ(say(high, low), "random is lower by 0.250 [0.0446, 0.455], n = 4, p = 0.03");
  EXPECT_THAT(say({10, 20, 30, 45}, {110, 130, 145, 165}, Quantity::kSteps),
              HasSubstr("skillit is earlier by 111 ["));
}

TEST(Verdict, AnIntervalWithZeroInItIsNotSeparatedAndSaysWhatWouldBe) {
  // Differences -.1, -.2, .1: mean -.066667, sd .152753; statsmodels' TTestPower().solve_power
  // gives 43.17 pairs.
  const std::string text = say({0.9, 0.8, 1.1}, {1, 1, 1});
  EXPECT_THAT(text, HasSubstr("not separated: skillit - random = -0.0667 [-0.446, 0.313], n = 3"));
  EXPECT_THAT(text, HasSubstr("; if these are the true difference and spread, 41 more seeds would "
                              "show it four times in five"));
  EXPECT_THAT(text, Not(HasSubstr("tested alone"))) << "it is alone";
}

TEST(Verdict, ADifferenceThatTheCorrectionTakesAwayIsNotClaimed) {
  PairSummary pair;
  pair.first = "skillit";
  pair.second = "random";
  pair.common_seeds.resize(4);
  PairedDifference measure =
      paired_difference(std::vector<double>{1, 1, 1, 1}, std::vector<double>{1.1, 1.2, 1.3, 1.4});
  measure.holm_p = 0.04;
  EXPECT_THAT(
      verdict(pair, measure, Quantity::kLoss),
      HasSubstr("skillit is lower by 0.250 [0.0446, 0.455], n = 4, p = 0.03, corrected 0.04"));
  measure.holm_p = 0.09;
  EXPECT_EQ(verdict(pair, measure, Quantity::kLoss),
            "not separated among so many comparisons: skillit - random = -0.250 [-0.455, -0.0446], "
            "n = 4, p = 0.03, corrected 0.09");
}

TEST(Verdict, TheNumberOfPairsIsThatOfATestAloneAndSaysSoBesideOthers) {
  PairSummary pair;
  pair.first = "skillit";
  pair.second = "random";
  pair.common_seeds.resize(3);
  PairedDifference measure =
      paired_difference(std::vector<double>{0.9, 0.8, 1.1}, std::vector<double>{1, 1, 1});
  measure.holm_p = 1;
  EXPECT_THAT(verdict(pair, measure, Quantity::kLoss),
              HasSubstr("41 more seeds would show it four times in five, tested alone"));
}

TEST(Verdict, ANumberOfSeedsThatNobodyWillRunIsNotSaid) {
  const std::string text = say({1, 1.1001}, {1.1, 1});
  EXPECT_THAT(text, HasSubstr("; if these are the true difference and spread, not even 10000 more "
                              "seeds would show it four times in five"));
}

TEST(Verdict, WithoutSpreadThereIsNoInterval) {
  EXPECT_EQ(say({1}, {3}), "skillit is lower by 2.00 in the only pair; no interval");
  EXPECT_EQ(say({60, 80}, {40, 60}, Quantity::kSteps),
            "random is earlier by 20.0 in each of 2 pairs; no interval");
  EXPECT_EQ(say({1, 2}, {1, 2}), "equal in each of 2 pairs; no interval");
}

TEST(Verdict, PairsWithoutAValueAreSaid) {
  EXPECT_EQ(say({1}, {3}, Quantity::kSteps, 2),
            "skillit is earlier by 2.00 in the only pair; no interval (not counting 2 of 3 pairs, "
            "in which one never got "
            "there)");
  EXPECT_EQ(say({}, {}, Quantity::kSteps, 3),
            "nothing to compare: in each of 3 pairs one never got there");
  EXPECT_EQ(say({}, {}, Quantity::kLoss, 3),
            "nothing to compare: in each of 3 pairs a loss is not finite");
  EXPECT_EQ(say({}, {}), "no common seed");
}

TEST(Verdict, NumbersHaveThreeDigits) {
  EXPECT_EQ(number_text(0.5), "0.500");
  EXPECT_EQ(number_text(-0.000138), "-0.000138");
  EXPECT_EQ(number_text(7.8), "7.80");
  EXPECT_EQ(number_text(99.96), "100");
  EXPECT_EQ(number_text(123456), "123456");
  EXPECT_EQ(number_text(0), "0.00");
}

}  // namespace
}  // namespace skillit
