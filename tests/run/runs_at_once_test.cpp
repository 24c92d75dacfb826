#include "skillit/run/runs_at_once.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace skillit {
namespace {

using ::testing::ElementsAre;

constexpr double kPlenty = std::numeric_limits<double>::infinity();

TEST(CountsToTry, AreOneHalfAndAllOfTheCores) {
  EXPECT_THAT(counts_to_try(16, 100, {1, 1, kPlenty}), ElementsAre(1, 8, 16));
  EXPECT_THAT(counts_to_try(2, 100, {1, 1, kPlenty}), ElementsAre(1, 2));
  EXPECT_THAT(counts_to_try(1, 100, {1, 1, kPlenty}), ElementsAre(1));
}

TEST(CountsToTry, AreNoMoreThanThereAreRuns) {
  EXPECT_THAT(counts_to_try(16, 9, {1, 1, kPlenty}), ElementsAre(1, 8, 9));
  EXPECT_THAT(counts_to_try(16, 5, {1, 1, kPlenty}), ElementsAre(1, 5));
  EXPECT_THAT(counts_to_try(16, 1, {1, 1, kPlenty}), ElementsAre(1));
}

TEST(CountsToTry, FitInMemoryWithTheProgramCountedOnce) {
  EXPECT_THAT(counts_to_try(16, 100, {4, 2, 36}), ElementsAre(1, 8, 16));
  EXPECT_THAT(counts_to_try(16, 100, {4, 2, 35.9}), ElementsAre(1, 8));
  EXPECT_THAT(counts_to_try(16, 100, {4, 2, 19.9}), ElementsAre(1));
}

TEST(CountsToTry, HaveOneEvenWhereItDoesNotFit) {
  EXPECT_THAT(counts_to_try(16, 100, {4, 2, 3}), ElementsAre(1));
}

TEST(BestCount, MakesTheMostSteps) {
  EXPECT_EQ(best_count({1, 8, 16}, {10, 70, 90}), 16);
  EXPECT_EQ(best_count({1, 8, 16}, {10, 70, 60}), 8);
  EXPECT_EQ(best_count({1, 2}, {30, 20}), 1);
}

TEST(BestCount, IsTheLeastOfThoseThatTimingCannotTellApart) {
  EXPECT_EQ(best_count({1, 8, 16}, {10, 99, 100}), 8);
  EXPECT_EQ(best_count({1, 8, 16}, {10, 97, 100}), 16);
}

}  // namespace
}  // namespace skillit
