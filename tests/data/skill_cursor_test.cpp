#include "skillit/data/skill_cursor.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "skillit/base/rng.h"

namespace skillit {
namespace {

std::vector<std::uint64_t> draw(const SkillCursor& cursor, std::uint64_t begin, std::uint64_t end) {
  std::vector<std::uint64_t> samples;
  for (std::uint64_t i = begin; i < end; ++i) samples.push_back(cursor[i]);
  return samples;
}

TEST(SkillCursor, EachEpochHoldsEverySampleOnceInAnOrderOfItsOwn) {
  const SkillCursor cursor(50, 3);
  std::vector<std::uint64_t> all(50);
  std::iota(all.begin(), all.end(), 0);
  std::set<std::vector<std::uint64_t>> orders;
  for (std::uint64_t epoch = 0; epoch < 5; ++epoch) {
    const auto samples = draw(cursor, epoch * 50, epoch * 50 + 50);
    EXPECT_THAT(samples, testing::UnorderedElementsAreArray(all));
    orders.insert(samples);
  }
  EXPECT_EQ(orders.size(), 5U);
  EXPECT_DOUBLE_EQ(cursor.epochs(125), 2.5);
  EXPECT_EQ(cursor.draws_through(3), 150U);
}

TEST(SkillCursor, WhatIsAppendedJoinsTheRestOfTheEpochAndNothingComesTwice) {
  Rng rng(1, "growths");
  for (int repeat = 0; repeat < 200; ++repeat) {
    std::uint64_t size = rng.below(20);
    SkillCursor cursor(size, rng.next());
    std::set<std::uint64_t> epoch;  // What the epoch that runs has given.
    std::uint64_t epochs_done = 0;
    std::uint64_t drawn = 0;
    for (int growth = 0; growth < 5; ++growth) {
      const std::uint64_t draws = size == 0 ? 0 : rng.below(2 * size + 1);
      for (std::uint64_t i = 0; i < draws; ++i, ++drawn) {
        const auto done = static_cast<std::uint64_t>(cursor.epochs(drawn));
        if (done != epochs_done) {
          ASSERT_EQ(done, epochs_done + 1);
          ASSERT_EQ(epoch.size(), size) << "an epoch ends when everything was drawn";
          epochs_done = done;
          epoch.clear();
        }
        ASSERT_LT(cursor[drawn], size);
        ASSERT_TRUE(epoch.insert(cursor[drawn]).second) << "a sample came twice in an epoch";
      }
      const std::uint64_t more = rng.below(10);
      if (size > 0 && epoch.size() == size) {  // It is over: what comes now is of the next.
        epoch.clear();
        ++epochs_done;
      }
      cursor.grow(size + more, drawn);
      size += more;
    }
    if (size == 0) continue;
    const std::uint64_t epochs = epochs_done + 1;
    const std::uint64_t end = cursor.draws_through(epochs);
    ASSERT_EQ(end - drawn, size - epoch.size());
    for (const std::uint64_t sample : draw(cursor, drawn, end)) {
      ASSERT_TRUE(epoch.insert(sample).second);
    }
    const auto next = draw(cursor, end, end + size);
    ASSERT_EQ(std::set(next.begin(), next.end()).size(), size);
    EXPECT_DOUBLE_EQ(cursor.epochs(end), static_cast<double>(epochs));
  }
}

TEST(SkillCursor, HandWorkedGrowth) {
  // 3 of 4 drawn, then 2 are appended: the epoch's rest is the one that was left, and the two.
  SkillCursor cursor(4, 9);
  const auto first = draw(cursor, 0, 3);
  const std::set<std::uint64_t> had(first.begin(), first.end());
  std::vector<std::uint64_t> expected = {4, 5};
  for (std::uint64_t i = 0; i < 4; ++i) {
    if (!had.contains(i)) expected.push_back(i);
  }
  cursor.grow(6, 3);
  EXPECT_THAT(draw(cursor, 3, 6), testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(cursor.draws_through(1), 6U);
  EXPECT_EQ(cursor.draws_through(2), 12U);
  EXPECT_DOUBLE_EQ(cursor.epochs(3), 0.5);  // 3 of 6 are left.
  // Again, with one of the three drawn.
  const std::uint64_t one = cursor[3];
  std::erase(expected, one);
  expected.push_back(6);
  cursor.grow(7, 4);
  EXPECT_THAT(draw(cursor, 4, 7), testing::UnorderedElementsAreArray(expected));
  EXPECT_THAT(cursor.growths(),
              testing::ElementsAre(SkillCursor::Growth{3, 4}, SkillCursor::Growth{4, 6}));
}

TEST(SkillCursor, GrowingBetweenEpochsIsAsIfItHadBeenSoFromTheBeginning) {
  SkillCursor grown(4, 9);
  grown.grow(6, 8);
  const SkillCursor whole(6, 9);
  const auto third = draw(grown, 8, 14);
  EXPECT_EQ(third, draw(whole, 12, 18));  // Epoch 2 of both.
  EXPECT_EQ(grown.draws_through(3), 14U);
}

}  // namespace
}  // namespace skillit
