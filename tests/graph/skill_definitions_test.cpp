#include "skillit/graph/skill_definitions.h"

#include <cmath>

#include "tests/graph/graph_test_helpers.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;
using testing::refusal_of;

SkillVerdict skill(const std::vector<HeldOutLosses>& seeds) {
  return is_skill(seeds);
}
EdgeVerdict edge(const std::vector<DataToLearn>& seeds) {
  return is_edge(seeds);
}

TEST(SkillDefinition, data_that_lowers_the_loss_on_the_rest_is_a_skill) {
  // Drops 1, 2, 6: mean 3, sd sqrt(7), interval 3 +- 4.303 sqrt(7/3) = 3 +- 6.57.
  const SkillVerdict unsure = skill({{4, 3}, {4, 2}, {7, 1}});
  EXPECT_EQ(unsure.is_skill, false);
  EXPECT_NEAR(unsure.drop.low, 3 - 4.302652729749464 * std::sqrt(7.0 / 3), 1e-9);
  const SkillVerdict sure = skill({{4, 3}, {4, 2.9}, {7, 5.8}});
  EXPECT_EQ(sure.is_skill, true);
  EXPECT_THAT(sure.text,
              HasSubstr("a skill: training on a part lowers the loss on the rest by 1.1"));
  EXPECT_EQ(skill({{1, 2}, {1, 2.1}}).is_skill, false);
}

TEST(SkillDefinition, one_seed_decides_nothing) {
  EXPECT_EQ(skill({{4, 1}}).is_skill, std::nullopt);
  EXPECT_THAT(skill({{4, 1}}).text, HasSubstr("undecided"));
  EXPECT_EQ(edge({{10, 5}}).is_edge, std::nullopt);
}

TEST(SkillDefinition, an_edge_needs_no_more_data_together) {
  EXPECT_EQ(edge({{100, 80}, {100, 100}}).is_edge, true);
  EXPECT_EQ(edge({{100, 120}, {100, 101}}).is_edge, false);
  EXPECT_DOUBLE_EQ(edge({{100, 80}, {100, 100}}).saved.mean, 10);
}

TEST(SkillDefinition, a_run_that_never_learns_it_counts) {
  EXPECT_EQ(edge({{std::nullopt, 80}, {100, 90}}).is_edge, true);
  EXPECT_EQ(edge({{100, std::nullopt}, {100, 110}}).is_edge, false);
  const EdgeVerdict mixed = edge({{std::nullopt, 80}, {100, 110}, {std::nullopt, std::nullopt}});
  EXPECT_EQ(mixed.is_edge, std::nullopt);
  EXPECT_EQ(mixed.undecided, 1u);
  EXPECT_THAT(mixed.text, HasSubstr("1 in neither run"));
}

TEST(SkillDefinition, where_seeds_differ_the_interval_decides) {
  // Saved 50, 52, 48, -1: mean 37, interval 37 +- 41.
  EXPECT_EQ(edge({{100, 50}, {100, 48}, {100, 52}, {100, 101}}).is_edge, std::nullopt);
  std::vector<DataToLearn> many(30, {100, 50});
  many.push_back({100, 101});
  EXPECT_EQ(edge(many).is_edge, true);
}

TEST(SkillDefinition, an_ordered_set_is_neither_empty_nor_complete) {
  const SkillSet skills({"a", "b"});
  const auto order = [&](std::vector<double> weights) {
    return is_ordered(SkillGraph(skills, skills, std::move(weights)));
  };
  EXPECT_EQ(order({1, 0.5, 0, 1}).is_ordered, true);
  EXPECT_EQ(order({1, 0, 0, 1}).is_ordered, false);
  EXPECT_EQ(order({1, -1, 0, 1}).is_ordered, false);
  EXPECT_EQ(order({0, 0.5, 0.1, 0}).is_ordered, false);
  EXPECT_EQ(order({1, 0.5, 0, 1}).num_edges, 1u);
  EXPECT_EQ(order({1, 0.5, 0, 1}).num_pairs, 2u);
}

TEST(SkillDefinition, a_set_is_ordered_when_no_undecided_edge_could_turn_it) {
  const EdgeVerdict there = edge({{100, 80}, {100, 80}});
  const EdgeVerdict absent = edge({{100, 120}, {100, 120}});
  const EdgeVerdict unknown = edge({{100, 80}});
  const auto order = [](const std::vector<EdgeVerdict>& pairs) { return is_ordered(pairs); };
  EXPECT_EQ(order({there, absent, unknown}).is_ordered, true);
  EXPECT_THAT(order({there, absent, unknown}).text, HasSubstr("1 of 3 edges, 1 undecided"));
  EXPECT_EQ(order({there, unknown}).is_ordered, std::nullopt);
  EXPECT_EQ(order({absent, unknown}).is_ordered, std::nullopt);
  EXPECT_THAT(order({unknown}).text, HasSubstr("undecided"));
  EXPECT_EQ(order({absent, absent}).is_ordered, false);
  EXPECT_EQ(order({there, there}).is_ordered, false);
  EXPECT_EQ(order({}).is_ordered, false);
}

TEST(SkillDefinition, what_was_known_before_says_nothing_about_the_other) {
  const EdgeVerdict known = edge({{0, 0}, {0, 0}, {0, 0}});
  EXPECT_EQ(known.is_edge, std::nullopt);
  EXPECT_EQ(known.known, 3u);
  EXPECT_THAT(known.text, HasSubstr("3 knew it before any training"));
  // The other seeds decide.
  EXPECT_EQ(edge({{0, 0}, {100, 80}, {100, 90}}).is_edge, true);
}

TEST(SkillDefinition, what_was_not_measured_is_refused) {
  EXPECT_THAT(refusal_of([] { (void)skill({}); }), HasSubstr("no seed"));
  EXPECT_THAT(refusal_of([] { (void)edge({}); }), HasSubstr("no seed"));
  EXPECT_THAT(refusal_of([] { (void)skill({{std::nan(""), 1}}); }), HasSubstr("nan"));
  EXPECT_THAT(refusal_of([] { (void)edge({{-1, 1}}); }), HasSubstr("-1"));
}

}  // namespace
}  // namespace skillit
