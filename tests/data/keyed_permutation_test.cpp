#include "skillit/data/keyed_permutation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace skillit {
namespace {

std::vector<std::uint64_t> order(std::uint64_t n, std::uint64_t key) {
  const KeyedPermutation permutation(n, key);
  std::vector<std::uint64_t> values(n);
  for (std::uint64_t i = 0; i < n; ++i) values[i] = permutation(i);
  return values;
}

TEST(KeyedPermutation, EveryValueComesExactlyOnceForAllShortAndSomeLongLengths) {
  std::vector<std::uint64_t> lengths;
  for (std::uint64_t n = 1; n <= 300; ++n) lengths.push_back(n);
  for (const std::uint64_t n : {1000, 1023, 1024, 1025, 65537, 100000}) lengths.push_back(n);
  for (const std::uint64_t n : lengths) {
    std::vector<int> seen(n, 0);
    for (const std::uint64_t value : order(n, 17 * n)) {
      ASSERT_LT(value, n);
      ++seen[value];
    }
    ASSERT_THAT(seen, testing::Each(1)) << "n = " << n;
  }
}

TEST(KeyedPermutation, AllOrdersOfFourAreAboutEquallyLikely) {
  constexpr int kKeys = 24000;
  std::map<std::vector<std::uint64_t>, int> counts;
  for (int key = 0; key < kKeys; ++key) ++counts[order(4, static_cast<std::uint64_t>(key))];
  ASSERT_EQ(counts.size(), 24U);
  double chi_squared =
      0;  // 23 degrees of freedom: over 49.7 once in a thousand. The keys are fixed.
  for (const auto& [values, count] : counts)
    chi_squared += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_squared, 49.7);
}

TEST(KeyedPermutation, EachPlaceHoldsEachValueAboutEquallyOften) {
  for (const std::uint64_t n : {7, 33, 100}) {
    constexpr int kKeys = 20000;
    std::vector<std::vector<int>> counts(n, std::vector<int>(n, 0));
    for (std::uint64_t key = 0; key < kKeys; ++key) {
      const KeyedPermutation permutation(n, key << 32);
      for (std::uint64_t i = 0; i < n; ++i) ++counts[i][permutation(i)];
    }
    double chi_squared = 0;
    const double expected = kKeys / static_cast<double>(n);
    for (const auto& row : counts) {
      for (const int count : row) chi_squared += (count - expected) * (count - expected) / expected;
    }
    const double freedom = static_cast<double>((n - 1) * (n - 1));
    EXPECT_LT(chi_squared, freedom + 4 * std::sqrt(2 * freedom)) << "n = " << n;
  }
}

TEST(KeyedPermutation, NeighboursAreNotKeptTogether) {
  // Of a random order, about one pair of neighbours in n stays a rising pair.
  constexpr std::uint64_t kLength = 100000;
  const std::vector<std::uint64_t> values = order(kLength, 5);
  int kept = 0;
  for (std::uint64_t i = 1; i < kLength; ++i) kept += values[i] == values[i - 1] + 1;
  EXPECT_LT(kept, 10);
}

TEST(KeyedPermutation, ReachesTheLargestLengthAndStaysInside) {
  const std::uint64_t n = std::uint64_t{1} << 63;
  const KeyedPermutation permutation(n, 3);
  std::uint64_t largest = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    ASSERT_LT(permutation(i), n);
    largest = std::max(largest, permutation(n - 1 - i));
  }
  EXPECT_GT(largest, n / 2);
  EXPECT_THROW(KeyedPermutation(0, 1), std::logic_error);
  EXPECT_THROW(KeyedPermutation(n + 1, 1), std::logic_error);
}

// The numbers were computed from the description by a separate program in Python.
TEST(KeyedPermutation, BitsArePinned) {
  EXPECT_THAT(order(10, 1), testing::ElementsAre(4, 8, 5, 2, 0, 3, 9, 7, 6, 1));
  const KeyedPermutation large(1'000'000'007, 42);
  EXPECT_THAT((std::vector{large(0), large(1), large(1'000'000'006)}),
              testing::ElementsAre(542703988, 293498095, 794116059));
}

}  // namespace
}  // namespace skillit
