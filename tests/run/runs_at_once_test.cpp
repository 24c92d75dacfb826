#include "skillit/run/runs_at_once.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace skillit {
namespace {

using ::testing::ElementsAre;

constexpr double kPlenty = std::numeric_limits<double>::infinity();

TEST(RunsAtOnce, DataCountAsManySamplesAsARunDraws) {
  // Three tokens of 4 bytes, three marks, one bound of 8 bytes: 23 bytes a sample.
  SampleStore one, two;
  one.add(std::vector<TokenId>{1, 2, 3}, std::vector<std::uint8_t>{0, 0, 1});
  for (int i = 0; i < 2; ++i)
    two.add(std::vector<TokenId>{4, 5, 6}, std::vector<std::uint8_t>{0, 1, 1});
  Dataset data;
  data.train = {one, two};
  data.validation = {one};
  EXPECT_EQ(data_bytes(data, 0), (1 + 2 + 1) * 23);
  EXPECT_EQ(data_bytes(data, 100), (100 + 100 + 1) * 23);
}

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
