#include "skillit/base/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

namespace skillit {
namespace {

using ::testing::ElementsAre;

// The pinned numbers of Rng(0) were computed apart from this code: xoshiro256** and splitmix64
// written in Python, from the key mix64(mix64(xxh3_64("")) + 0). A change here changes every
// shuffle, and so every recorded run.
TEST(Rng, HasPinnedBits) {
  Rng rng(0);
  EXPECT_EQ(rng.next(), 0x2e88e343c1c5f666u);
  EXPECT_EQ(rng.next(), 0x0295a333d81a8ef0u);
  EXPECT_EQ(rng.next(), 0x1fb2ab0584462109u);
  EXPECT_EQ(rng.next(), 0x687e829fde158c9cu);
}

TEST(Rng, HasPinnedBitsForAPurposeAndIndex) {
  EXPECT_EQ(derive_seed(0, ""), 0xc32e7ee0a420febdu);
  EXPECT_EQ(derive_seed(7, "train order", 3), 0x042c9eb8acdb2467u);
  EXPECT_EQ(Rng(7, "train order", 3).next(), 0xecbb2f82c349a639u);
}

TEST(Rng, HasPinnedUniformsBoundsAndNormals) {
  Rng uniform(0);
  EXPECT_EQ(uniform.uniform(), 0x1.74471a1e0e2f8p-3);
  EXPECT_EQ(uniform.uniform(), 0x1.4ad199ec0d440p-7);
  Rng below(0);
  for (const std::uint64_t expected : {181u, 10u, 123u, 408u, 685u, 211u}) {
    EXPECT_EQ(below.below(1000), expected);
  }
  EXPECT_EQ(below.below((1ULL << 63) + 1), 5789720598097896577u);
  Rng normal(0);
  for (const double expected : {-0.9823104096528339, 0.665609952536324, 2.3015069100434324}) {
    EXPECT_DOUBLE_EQ(normal.normal(), expected);
  }
}

TEST(Rng, HasAPinnedShuffle) {
  std::vector<int> values(10);
  std::iota(values.begin(), values.end(), 0);
  Rng rng(0);
  rng.shuffle(std::span(values));
  EXPECT_THAT(values, ElementsAre(7, 3, 5, 6, 9, 4, 2, 8, 0, 1));
}

TEST(Rng, ShufflesNothingAndOneElement) {
  Rng rng(0);
  std::vector<int> none;
  rng.shuffle(std::span(none));
  std::vector<int> one = {5};
  rng.shuffle(std::span(one));
  EXPECT_THAT(one, ElementsAre(5));
  EXPECT_EQ(rng.next(), Rng(0).next()) << "neither may take a number";
}

TEST(Rng, ShufflesEveryOrderAboutEquallyOften) {
  // 6 orders of 3 elements, 60000 draws: expected 10000 each, standard deviation 91.
  std::array<int, 27> counts{};
  Rng rng(11, "orders");
  for (int i = 0; i < 60000; ++i) {
    std::array<int, 3> order = {0, 1, 2};
    rng.shuffle(std::span<int>(order));
    ++counts[static_cast<std::size_t>(order[0] * 9 + order[1] * 3 + order[2])];
  }
  for (const int code : {5, 7, 11, 15, 19, 21}) {
    EXPECT_NEAR(counts[static_cast<std::size_t>(code)], 10000, 5 * 91) << code;
  }
}

TEST(Rng, SeedPurposeAndIndexEachGiveAnotherSequence) {
  std::set<std::uint64_t> firsts;
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    for (const char* purpose : {"", "a", "train order"}) {
      for (const std::uint64_t index : {0u, 1u, 2u}) {
        firsts.insert(Rng(seed, purpose, index).next());
      }
    }
  }
  EXPECT_EQ(firsts.size(), 27u);
}

TEST(Rng, BelowStaysBelowAndReachesEveryValue) {
  Rng rng(3, "below");
  EXPECT_EQ(rng.below(1), 0u);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70000; ++i) ++counts[rng.below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 5 * 93);  // Standard deviation 92.6.
}

TEST(Rng, BelowIsUnbiasedWhereAModuloWouldNotBe) {
  // bound = 3/4 of 2^64: a modulo would give the lower third twice as often as the rest, that is
  // half the draws.
  const std::uint64_t bound = 3ULL << 62;
  Rng rng(4, "bias");
  int lower_third = 0;
  for (int i = 0; i < 30000; ++i) lower_third += rng.below(bound) < bound / 3 ? 1 : 0;
  EXPECT_NEAR(lower_third, 10000, 5 * 82);
}

TEST(Rng, BelowZeroIsABug) {
  EXPECT_THROW(Rng(0).below(0), std::logic_error);
}

TEST(Rng, UniformHasTheRightMomentsAndRange) {
  Rng rng(5, "uniform");
  double sum = 0;
  double squares = 0;
  const int count = 100000;
  for (int i = 0; i < count; ++i) {
    const double value = rng.uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / count, 0.5, 5 * 0.2887 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 1.0 / 3, 5 * 0.2981 / std::sqrt(count));
}

TEST(Rng, NormalHasTheRightMoments) {
  Rng rng(6, "normal");
  const int count = 100000;
  double sum = 0;
  double squares = 0;
  double fourths = 0;
  for (int i = 0; i < count; ++i) {
    const double value = rng.normal();
    sum += value;
    squares += value * value;
    fourths += value * value * value * value;
  }
  EXPECT_NEAR(sum / count, 0, 5 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 1, 5 * std::sqrt(2.0 / count));
  EXPECT_NEAR(fourths / count, 3, 5 * std::sqrt(96.0 / count));
}

TEST(Rng, ACopyGoesOnAsTheOriginal) {
  Rng rng(8);
  rng.next();
  Rng copy = rng;
  EXPECT_EQ(copy.next(), rng.next());
}

TEST(Mix64, IsTheSplitmixFinaliser) {
  static_assert(mix64(0) == 0xe220a8397b1dcdafu);  // The first output of splitmix64 seeded with 0.
  std::set<std::uint64_t> images;
  for (std::uint64_t x = 0; x < 1000; ++x) images.insert(mix64(x));
  EXPECT_EQ(images.size(), 1000u);
}

}  // namespace
}  // namespace skillit
