#include "skillit/data/fair_order.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "skillit/base/rng.h"

namespace skillit {
namespace {

constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 62;

std::vector<FairScheduler::Skill> skills_of(const std::vector<double>& weights) {
  const auto shares = exact_shares(Mixture::from_weights(weights));
  std::vector<FairScheduler::Skill> skills;
  for (const std::uint64_t share : shares) skills.push_back({.share = share, .limit = kNoLimit});
  return skills;
}

std::uint64_t one(std::uint32_t, std::uint64_t) {
  return 1;
}

std::vector<std::uint32_t> first(FairScheduler scheduler, int count) {
  std::vector<std::uint32_t> order;
  for (int i = 0; i < count; ++i) order.push_back(scheduler.next().value());
  return order;
}

/// The furthest that a skill was ahead of and behind its share after any of `count` samples.
std::pair<double, double> worst(FairScheduler scheduler, int count) {
  double ahead = 0;
  double behind = 0;
  for (int i = 0; i < count; ++i) {
    EXPECT_TRUE(scheduler.next().has_value());
    Fixed sum = 0;
    for (const auto& skill : scheduler.skills()) {
      ahead = std::max(ahead, -to_double(skill.owed));
      behind = std::max(behind, to_double(skill.owed));
      sum += skill.owed;
    }
    EXPECT_EQ(sum, Fixed{0});
  }
  return {ahead, behind};
}

TEST(FairScheduler, HandWorkedCase) {
  // Shares 1/2, 1/4, 1/4. The j-th sample of skill i may come after floor((j-1)/p) others and is
  // due as the ceil(j/p)-th: skill 0: due 2, 4, ..; skills 1 and 2: due 4, 8, .. First 0 (due 2).
  // Then 0 may not come yet: 1 (due 4, before 2, which is due then too). Then 0 and 2 are due as
  // the 4th; 0 comes first.
  EXPECT_THAT(first(FairScheduler(skills_of({2, 1, 1}), one, WhenSpent::kRepeat), 8),
              testing::ElementsAre(0, 1, 0, 2, 0, 1, 0, 2));
}

TEST(FairScheduler, TokensByHand) {
  // Equal shares; skill 0's samples have 3 tokens, skill 1's 1. After 0 (3 : 0) skill 1 has its
  // turn until it has as many: then both again.
  const auto cost = [](std::uint32_t skill, std::uint64_t) -> std::uint64_t {
    return skill == 0 ? 3 : 1;
  };
  FairScheduler scheduler(skills_of({1, 1}), cost, WhenSpent::kRepeat);
  const auto order = first(scheduler, 80);
  EXPECT_EQ(std::count(order.begin(), order.end(), 0U), 20);
  EXPECT_THAT(worst(scheduler, 80), testing::Pair(testing::Lt(3.0), testing::Le(3.0)));
}

TEST(FairScheduler, WithEqualSizesEverySkillIsWithinOneSampleAfterEverySample) {
  Rng rng(1, "weights");
  double closest = 0;
  for (int repeat = 0; repeat < 150; ++repeat) {
    std::vector<double> weights(2 + rng.below(repeat % 10 == 0 ? 300 : 12));
    for (double& weight : weights) weight = std::exp(2.5 * rng.normal());
    const auto [ahead, behind] =
        worst(FairScheduler(skills_of(weights), one, WhenSpent::kRepeat), 400);
    ASSERT_LT(ahead, 1.0);
    ASSERT_LT(behind, 1.0);
    closest = std::max({closest, ahead, behind});
  }
  EXPECT_GT(closest, 0.8) << "the schedules must come near the bound";
}

TEST(FairScheduler, HarmonicAndFibonacciSharesAreWithinOneSampleToo) {
  std::vector<double> harmonic;
  std::vector<double> fibonacci = {1, 1};
  for (int i = 1; i <= 60; ++i) harmonic.push_back(1.0 / i);
  while (fibonacci.size() < 25)
    fibonacci.push_back(fibonacci[fibonacci.size() - 1] + fibonacci[fibonacci.size() - 2]);
  for (const auto& weights : {harmonic, fibonacci, std::vector<double>(64, 1.0)}) {
    const auto [ahead, behind] =
        worst(FairScheduler(skills_of(weights), one, WhenSpent::kRepeat), 3000);
    EXPECT_LT(ahead, 1.0);
    EXPECT_LT(behind, 1.0);
  }
}

TEST(FairScheduler, WithUnequalSizesEverySkillIsWithinTheLargestSample) {
  Rng rng(2, "weights");
  double worst_behind = 0;
  for (int repeat = 0; repeat < 100; ++repeat) {
    std::vector<double> weights(2 + rng.below(12));
    for (double& weight : weights) weight = std::exp(2 * rng.normal());
    const std::uint64_t longest = 2 + rng.below(100);
    const auto cost = [&](std::uint32_t skill, std::uint64_t drawn) {
      return 1 + mix64(skill * 1'000'003 + drawn + repeat) % longest;
    };
    const auto [ahead, behind] =
        worst(FairScheduler(skills_of(weights), cost, WhenSpent::kRepeat), 400);
    ASSERT_LT(ahead, static_cast<double>(longest));
    ASSERT_LE(behind, static_cast<double>(longest));
    worst_behind = std::max(worst_behind, behind / static_cast<double>(longest));
  }
  EXPECT_GT(worst_behind, 0.5);
}

TEST(FairScheduler, ASpentSkillIsDroppedAndTheOthersShareItsPart) {
  auto skills = skills_of({1, 1, 2});
  skills[2].limit = 10;
  FairScheduler scheduler(skills, one, WhenSpent::kDrop);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(scheduler.next());
  const auto after = scheduler.skills();
  EXPECT_EQ(after[2].drawn, 10U);
  EXPECT_EQ(after[2].share, 0U);
  EXPECT_EQ(after[0].drawn + after[1].drawn, 90U);
  EXPECT_NEAR(static_cast<double>(after[0].drawn), 45, 1);
}

TEST(FairScheduler, ItEndsWhenASkillThatWouldBeNextIsSpentOrAllAre) {
  auto skills = skills_of({1, 1});
  skills[0].limit = 3;
  FairScheduler stops(skills, one, WhenSpent::kStop);
  int count = 0;
  while (stops.next()) ++count;
  EXPECT_EQ(count, 6);
  EXPECT_FALSE(stops.next()) << "and stays ended";
  skills[1].limit = 8;
  FairScheduler drops(skills, one, WhenSpent::kDrop);
  count = 0;
  while (drops.next()) ++count;
  EXPECT_EQ(count, 11);
  EXPECT_FALSE(drops.next());
}

TEST(FairOrder, IsTheSchedulersOrderAndKnowsItsStateAnywhere) {
  const FairScheduler start(skills_of({3, 1, 7, 2}), one, WhenSpent::kRepeat);
  const FairOrder order(start, 200);
  ASSERT_EQ(order.size(), 200U);
  FairScheduler again = start;
  std::vector<std::uint64_t> counts(4, 0);
  for (std::uint64_t i = 0; i <= 200; ++i) {
    const auto there = order.after(i).skills();
    for (std::size_t s = 0; s < 4; ++s) ASSERT_EQ(there[s].drawn, counts[s]);
    if (i == 200) break;
    const auto [skill, rank] = order[i];
    ASSERT_EQ(skill, again.next());
    ASSERT_EQ(rank, counts[skill]++);
  }
}

}  // namespace
}  // namespace skillit
