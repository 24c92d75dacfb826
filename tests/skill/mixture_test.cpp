#include "skillit/skill/mixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using testing::expect_error;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMax = std::numeric_limits<double>::max();
constexpr double kTiny = std::numeric_limits<double>::denorm_min();

using Values = std::vector<double>;

double sum(const Mixture& mixture) {
  return std::accumulate(mixture.shares().begin(), mixture.shares().end(), 0.0);
}

TEST(Mixture, DividesWeightsByTheirSum) {
  const Mixture mixture = Mixture::from_weights(Values{1, 3, 4});
  EXPECT_EQ(mixture.size(), 3u);
  EXPECT_THAT(mixture.shares(), ElementsAre(0.125, 0.375, 0.5));
  EXPECT_EQ(mixture[1], 0.375);
}

TEST(Mixture, UniformGivesEveryoneTheSame) {
  EXPECT_THAT(Mixture::uniform(4).shares(), ElementsAre(0.25, 0.25, 0.25, 0.25));
  EXPECT_THAT(Mixture::uniform(1).shares(), ElementsAre(1));
}

TEST(Mixture, HugeAndTinyWeightsStayInRange) {
  EXPECT_THAT(Mixture::from_weights(Values{kMax, kMax, kMax, kMax}).shares(),
              ElementsAre(0.25, 0.25, 0.25, 0.25));
  EXPECT_THAT(Mixture::from_weights(Values{kTiny, kTiny}).shares(), ElementsAre(0.5, 0.5));
  EXPECT_THAT(Mixture::from_weights(Values{kMax, 1, 0}).shares(), ElementsAre(1, 1 / kMax, 0));
}

TEST(Mixture, SumsToOneForManySkills) {
  Values weights(10000);
  std::iota(weights.begin(), weights.end(), 1.0);
  EXPECT_NEAR(sum(Mixture::from_weights(weights)), 1, 1e-12);
}

TEST(Mixture, RefusesWeightsThatAreNoShares) {
  const auto from = [](const Values& weights) {
    return [&] { (void)Mixture::from_weights(weights, "--prior"); };
  };
  expect_error(ErrorCode::kBadArgument, {"--prior", "no skills"}, from({}));
  expect_error(ErrorCode::kBadArgument, {"--prior", "weight 1 is -0.5", "not negative"},
               from({1, -0.5}));
  expect_error(ErrorCode::kBadArgument, {"--prior", "weight 0 is nan", "finite"}, from({kNaN, 1}));
  expect_error(ErrorCode::kBadArgument, {"--prior", "weight 2 is inf", "finite"},
               from({1, 1, kInf}));
  expect_error(ErrorCode::kBadArgument, {"--prior", "all weights are 0"}, from({0, 0}));
}

TEST(Mixture, FromLogitsIsTheSoftmax) {
  // exp(0) : exp(log 2) : exp(log 5) = 1 : 2 : 5.
  const Mixture mixture = Mixture::from_logits(Values{0, std::log(2), std::log(5)});
  EXPECT_THAT(mixture.shares(), ElementsAre(DoubleEq(0.125), DoubleEq(0.25), DoubleEq(0.625)));
}

TEST(Mixture, LogitsOfAnySizeDoNotOverflow) {
  const Mixture large = Mixture::from_logits(Values{1000, 1000 + std::log(3)});
  EXPECT_NEAR(large[0], 0.25, 1e-13);
  EXPECT_NEAR(large[1], 0.75, 1e-13);
  EXPECT_THAT(Mixture::from_logits(Values{kMax, -kMax, kMax}).shares(), ElementsAre(0.5, 0, 0.5));
  EXPECT_THAT(Mixture::from_logits(Values{-kMax, -kMax}).shares(), ElementsAre(0.5, 0.5));
}

TEST(Mixture, AWeightOfZeroIsALogitOfMinusInfinity) {
  EXPECT_THAT(Mixture::from_logits(Values{-kInf, 3, 3}).shares(), ElementsAre(0, 0.5, 0.5));
}

TEST(Mixture, RefusesLogitsWithoutASoftmax) {
  const auto from = [](const Values& logits) {
    return [&] { (void)Mixture::from_logits(logits, "round 3"); };
  };
  expect_error(ErrorCode::kBadArgument, {"round 3", "no skills"}, from({}));
  expect_error(ErrorCode::kBadArgument, {"round 3", "weight 1 is nan"}, from({0, kNaN}));
  expect_error(ErrorCode::kBadArgument, {"round 3", "weight 0 is inf", "too large"},
               from({kInf, 0}));
  expect_error(ErrorCode::kBadArgument, {"round 3", "all weights are 0"}, from({-kInf, -kInf}));
}

TEST(Mixture, IsComparedByItsShares) {
  EXPECT_EQ(Mixture::from_weights(Values{2, 2}), Mixture::uniform(2));
  EXPECT_NE(Mixture::from_weights(Values{2, 1}), Mixture::uniform(2));
  EXPECT_NE(Mixture(), Mixture::uniform(1));
}

}  // namespace
}  // namespace skillit
