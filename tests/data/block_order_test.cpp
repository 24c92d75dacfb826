#include "skillit/data/block_order.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "skillit/base/rng.h"

namespace skillit {
namespace {

std::vector<std::uint32_t> skills_of(const BlockOrder& order) {
  std::vector<std::uint32_t> skills;
  for (std::uint64_t i = 0; i < order.size(); ++i) skills.push_back(order[i].skill);
  return skills;
}

/// Checks every prefix by counting; returns the worst distance of a skill from its share of a
/// prefix.
double check_all_prefixes(const std::vector<std::uint64_t>& quotas) {
  const BlockOrder order(quotas);
  std::vector<std::uint64_t> counts(quotas.size(), 0);
  double worst = 0;
  for (std::uint64_t t = 0; t <= order.size(); ++t) {
    EXPECT_EQ(order.counts(t), counts);
    for (std::size_t i = 0; i < quotas.size(); ++i) {
      const double due = static_cast<double>(t) * static_cast<double>(quotas[i]) /
                         static_cast<double>(order.size());
      worst = std::max(worst, std::abs(static_cast<double>(counts[i]) - due));
    }
    if (t == order.size()) break;
    const auto place = order[t];
    EXPECT_EQ(place.rank, counts[place.skill]);
    ++counts[place.skill];
  }
  EXPECT_EQ(counts, quotas);
  return worst;
}

TEST(BlockOrder, HandWorkedCase) {
  // Tree: (1: two, 0: three) = five, joined with 2: five, which as a skill goes left. Skill 2 gets
  // round(t / 2), halves up, so it takes places 0, 2, 4, ..; of the other five, skill 1 has had
  // round(2t / 5) = 0 0 1 1 2 2.
  const std::vector<std::uint64_t> quotas = {3, 2, 5};
  EXPECT_THAT(skills_of(BlockOrder(quotas)), testing::ElementsAre(2, 0, 2, 1, 2, 0, 2, 1, 2, 0));
}

TEST(BlockOrder, OneSkillAndNoneAndSkillsWithoutQuota) {
  EXPECT_EQ(BlockOrder().size(), 0U);
  EXPECT_THAT(BlockOrder().counts(0), testing::IsEmpty());
  const std::vector<std::uint64_t> quotas = {0, 4, 0};
  EXPECT_THAT(skills_of(BlockOrder(quotas)), testing::Each(1U));
  EXPECT_THAT(BlockOrder(quotas).counts(3), testing::ElementsAre(0, 3, 0));
}

TEST(BlockOrder, AllSmallQuotasHoldTheBoundInEveryPrefix) {
  double worst = 0;
  for (std::uint64_t a = 0; a <= 6; ++a) {
    for (std::uint64_t b = 0; b <= 6; ++b) {
      for (std::uint64_t c = 0; c <= 6; ++c) {
        for (std::uint64_t d = 1; d <= 6; ++d)
          worst = std::max(worst, check_all_prefixes({a, b, c, d}));
      }
    }
  }
  EXPECT_DOUBLE_EQ(worst, 1.0);
}

TEST(BlockOrder, RandomQuotasOfManySkillsHoldTheBoundInEveryPrefix) {
  Rng rng(1, "quotas");
  double worst = 0;
  for (int repeat = 0; repeat < 60; ++repeat) {
    std::vector<std::uint64_t> quotas(2 + rng.below(40));
    for (auto& quota : quotas) quota = static_cast<std::uint64_t>(std::exp(rng.uniform() * 5)) - 1;
    worst = std::max(worst, check_all_prefixes(quotas));
  }
  EXPECT_LT(worst, 1.7);
}

TEST(BlockOrder, FibonacciQuotasTheDeepestTreeHoldTheBound) {
  std::vector<std::uint64_t> quotas = {1, 1};
  while (quotas.size() < 15)
    quotas.push_back(quotas[quotas.size() - 1] + quotas[quotas.size() - 2]);
  EXPECT_LT(check_all_prefixes(quotas), 1.7);
}

TEST(BlockOrder, HugeBlocksAgreeWithSmallOnesOfTheSameShape) {
  // Quotas of 2^60 and 2^61 take the 128-bit path; their order begins as that of 1 : 2 repeated.
  const BlockOrder huge(std::vector<std::uint64_t>{std::uint64_t{1} << 60, std::uint64_t{1} << 61});
  const BlockOrder small(std::vector<std::uint64_t>{1000, 2000});
  for (std::uint64_t i = 0; i < 3000; ++i) ASSERT_EQ(huge[i].skill, small[i].skill) << i;
  const std::uint64_t middle = huge.size() / 2;
  const auto counts = huge.counts(middle);
  EXPECT_EQ(counts[0] + counts[1], middle);
  EXPECT_EQ(huge[middle].rank, counts[huge[middle].skill]);
}

}  // namespace
}  // namespace skillit
