#include "skillit/data/ranked_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "skillit/base/error.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;

Mixture mix(const std::vector<double>& weights) {
  return Mixture::from_weights(weights);
}
std::vector<SampleRef> draw(RankedPool& pool, std::size_t count) {
  std::vector<SampleRef> out(count);
  pool.read(out);
  return out;
}
/// 0 .. n-1 of one skill, each ranked by its index.
RankedPool plain_pool(std::uint64_t size, std::uint64_t seed = 3) {
  std::vector<SampleRef> samples;
  for (std::uint64_t i = 0; i < size; ++i) samples.push_back({0, i});
  return {samples, 1, seed};
}

TEST(PoolSamples, SkillsHaveTheSharesAndNoSampleComesTwice) {
  const auto samples = pool_samples({100, 1000, 1000}, mix({1, 3, 5}), 90, 7);
  std::array<int, 3> counts{};
  std::set<std::pair<std::uint32_t, std::uint64_t>> distinct;
  for (const SampleRef& sample : samples) {
    ++counts[sample.skill];
    distinct.insert({sample.skill, sample.index});
  }
  EXPECT_THAT(counts, ElementsAre(10, 30, 50));
  EXPECT_EQ(distinct.size(), samples.size());
  EXPECT_NE(samples, pool_samples({100, 1000, 1000}, mix({1, 3, 5}), 90, 8));
}

TEST(PoolSamples, ASkillWithFewerGivesAllItHas) {
  const auto samples = pool_samples({4, 0, 100}, mix({1, 1, 1}), 30, 7);
  EXPECT_EQ(samples.size(), 14U);
  EXPECT_THROW((void)pool_samples({0, 10}, mix({1, 0}), 30, 7), Error);
}

TEST(RankSamples, ByLossBothWaysAndEqualOnesStay) {
  const std::vector<SampleRef> samples{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  const std::vector<double> losses{.5, .1, .5, .9};
  EXPECT_THAT(rank_samples(samples, losses, false),
              ElementsAre(SampleRef{0, 1}, SampleRef{0, 0}, SampleRef{1, 0}, SampleRef{1, 1}));
  EXPECT_THAT(rank_samples(samples, losses, true),
              ElementsAre(SampleRef{1, 1}, SampleRef{0, 0}, SampleRef{1, 0}, SampleRef{0, 1}));
  EXPECT_THROW((void)rank_samples(samples, {.5, NAN, 1, 1}, false), Error);
}

TEST(RankedPool, ABlockOfThePartsSizeIsThePartInSomeOrder) {
  RankedPool pool = plain_pool(100);
  pool.begin_block(20, 20);
  const auto first = draw(pool, 20);
  EXPECT_FALSE(std::is_sorted(first.begin(), first.end(),
                              [](const auto& a, const auto& b) { return a.index < b.index; }));
  std::set<std::uint64_t> indices;
  for (const SampleRef& sample : first) indices.insert(sample.index);
  EXPECT_EQ(indices.size(), 20U);
  EXPECT_EQ(*indices.rbegin(), 19U);
  pool.begin_block(20, 20);
  EXPECT_NE(draw(pool, 20), first) << "another block, another order";
}

// 20 of the first 40: each with probability 1/2 over blocks, none twice.
TEST(RankedPool, EveryBlockIsDrawnAnewFromItsPart) {
  RankedPool pool = plain_pool(100);
  std::array<int, 100> times{};
  constexpr int kBlocks = 400;
  for (int block = 0; block < kBlocks; ++block) {
    pool.begin_block(40, 20);
    std::set<std::uint64_t> indices;
    for (const SampleRef& sample : draw(pool, 20)) {
      ++times[sample.index];
      indices.insert(sample.index);
    }
    ASSERT_EQ(indices.size(), 20U);
  }
  for (int i = 0; i < 40; ++i) EXPECT_NEAR(times[i], kBlocks / 2, 50) << i;  // 5 deviations.
  for (int i = 40; i < 100; ++i) EXPECT_EQ(times[i], 0);
}

TEST(RankedPool, ABlockLongerThanItsPartGoesThroughItAgain) {
  RankedPool pool = plain_pool(10);
  pool.begin_block(4, 10);
  std::array<int, 10> times{};
  for (const SampleRef& sample : draw(pool, 8)) ++times[sample.index];
  EXPECT_THAT(std::vector(times.begin(), times.begin() + 5), ElementsAre(2, 2, 2, 2, 0));
}

TEST(RankedPool, CountsBySkillWhatWasDrawnAndExpected) {
  RankedPool pool({{1, 0}, {0, 0}, {1, 1}, {1, 2}, {0, 1}}, 2, 3);
  pool.begin_block(4, 4);
  EXPECT_EQ(pool.shares(), mix({1, 3}));
  (void)draw(pool, 4);
  EXPECT_THAT(pool.delivered(), ElementsAre(1, 3));
  EXPECT_THAT(pool.asked(), ElementsAre(1.0, 3.0));
}

TEST(RankedPool, GoesOnWhereItWasSaved) {
  RankedPool whole = plain_pool(50);
  RankedPool half = plain_pool(50);
  whole.begin_block(30, 24);
  half.begin_block(30, 24);
  (void)draw(whole, 10);
  (void)draw(half, 10);
  ByteWriter bytes;
  half.save(bytes);
  ByteReader reader(bytes.bytes(), "state");
  RankedPool resumed = RankedPool::load(reader, 1, 3);
  reader.expect_end();
  EXPECT_EQ(draw(resumed, 14), draw(whole, 14));
  resumed.begin_block(50, 50);
  whole.begin_block(50, 50);
  EXPECT_EQ(draw(resumed, 50), draw(whole, 50));
  EXPECT_EQ(resumed.delivered(), whole.delivered());
  EXPECT_EQ(resumed.asked(), whole.asked());
}

/// Skill 0 first, then skill 1, then skill 2: a part may be without the last.
RankedPool three_skill_pool() {
  std::vector<SampleRef> samples;
  for (std::uint32_t skill = 0; skill < 3; ++skill) {
    for (std::uint64_t i = 0; i < 20; ++i) samples.push_back({skill, i});
  }
  return {samples, 4, 3};
}

// The first 30: twice as many of skill 0 as of skill 1. Held to .5 .25 .25, the block takes the
// first samples of skill 2 from behind the part; skill 3 has none.
TEST(RankedPool, AHeldBlockHasItsSharesWhateverItsPartHas) {
  RankedPool pool = three_skill_pool();
  pool.begin_block(30, 16);
  EXPECT_EQ(pool.shares(), mix({2, 1, 0, 0}));
  pool.hold_block(mix({2, 1, 1, 4}));
  EXPECT_EQ(pool.shares(), mix({2, 1, 1, 0}));
  std::array<std::set<std::uint64_t>, 4> drawn;
  for (const SampleRef& sample : draw(pool, 16)) drawn[sample.skill].insert(sample.index);
  EXPECT_EQ(drawn[0].size(), 8U) << "none twice";
  EXPECT_EQ(drawn[1].size(), 4U);
  EXPECT_LT(*drawn[1].rbegin(), 10U) << "of the part";
  EXPECT_THAT(drawn[2], ElementsAre(0, 1, 2, 3)) << "its first";
  EXPECT_THAT(pool.asked(), ElementsAre(8.0, 4.0, 4.0, 0.0));
  EXPECT_THAT(pool.delivered(), ElementsAre(8, 4, 4, 0));
}

TEST(RankedPool, WhatRoundingLeavesIsCarriedToTheNextHeldBlock) {
  RankedPool pool = three_skill_pool();
  for (int block = 0; block < 40; ++block) {
    pool.begin_block(60, 4);
    pool.hold_block(mix({0.9, 0.05, 0.05, 0}));
    (void)draw(pool, 4);
    for (std::size_t i = 0; i < 4; ++i)
      EXPECT_NEAR(static_cast<double>(pool.delivered()[i]), pool.asked()[i], 1.0) << block;
  }
  EXPECT_THAT(pool.delivered(), ElementsAre(144, 8, 8, 0));
}

TEST(RankedPool, AHeldBlockGoesOnWhereItWasSaved) {
  RankedPool whole = three_skill_pool(), half = three_skill_pool();
  for (RankedPool* pool : {&whole, &half}) {
    pool->begin_block(30, 25);
    pool->hold_block(mix({0.31, 0.32, 0.37, 0}));
    (void)draw(*pool, 10);
  }
  ByteWriter bytes;
  half.save(bytes);
  ByteReader reader(bytes.bytes(), "state");
  RankedPool resumed = RankedPool::load(reader, 4, 3);
  reader.expect_end();
  EXPECT_EQ(draw(resumed, 15), draw(whole, 15));
  for (RankedPool* pool : {&whole, &resumed}) {
    pool->begin_block(30, 25);
    pool->hold_block(mix({0.31, 0.32, 0.37, 0}));
  }
  EXPECT_EQ(draw(resumed, 25), draw(whole, 25));
  EXPECT_EQ(resumed.asked(), whole.asked());
  std::string damaged = bytes.bytes();
  damaged[damaged.size() - 8] = 0x7f;  // A count.
  ByteReader other(damaged, "state");
  EXPECT_THROW((void)RankedPool::load(other, 4, 3), Error);
}

TEST(RankedPool, DamagedStateIsRefused) {
  RankedPool pool = plain_pool(5);
  pool.begin_block(5, 5);
  ByteWriter bytes;
  pool.save(bytes);
  for (const std::size_t place : {std::size_t{0}, std::size_t{7}, std::size_t{8}}) {
    std::string damaged = bytes.bytes();
    damaged[place] = '\x7f';
    ByteReader reader(damaged, "state");
    EXPECT_THROW((void)RankedPool::load(reader, 1, 3), Error) << place;
  }
  ByteReader cut(std::string_view(bytes.bytes()).substr(0, 70), "state");
  EXPECT_THROW((void)RankedPool::load(cut, 1, 3), Error);
}

}  // namespace
}  // namespace skillit
