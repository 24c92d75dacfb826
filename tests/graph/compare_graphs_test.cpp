#include "skillit/graph/compare_graphs.h"

#include <cmath>

#include "tests/graph/graph_test_helpers.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;
using testing::refusal_of;

const SkillSet kSkills({"a", "b"});

LearnedGraph graph_of(std::vector<double> weights, std::vector<EdgeEstimate> edges = {}) {
  return {SkillGraph(kSkills, kSkills, std::move(weights)), std::move(edges), {}};
}

TEST(CompareGraphs, correlations_by_hand) {
  // Deviations (-1.5 -.5 .5 1.5) and (-2 -1 0 3): 3 + .5 + 0 + 4.5 = 8 over sqrt(5 * 14).
  const GraphComparison result = compare_graphs(graph_of({1, 2, 3, 4}), graph_of({1, 2, 3, 6}));
  EXPECT_EQ(result.num_edges, 4u);
  EXPECT_DOUBLE_EQ(result.correlation, 8 / std::sqrt(70.0));
  EXPECT_DOUBLE_EQ(result.rank_correlation, 1);
}

TEST(CompareGraphs, ties_share_their_mean_rank) {
  // Ranks (.5 .5 2 3) and (0 1 2 3): deviations give 1 * 1.5 + 1 * .5 + .5 * .5 + 1.5 * 1.5 = 4.5
  // over sqrt(4.5 * 5).
  const GraphComparison result = compare_graphs(graph_of({0, 0, 1, 2}), graph_of({1, 2, 3, 4}));
  EXPECT_DOUBLE_EQ(result.rank_correlation, 4.5 / std::sqrt(4.5 * 5));
}

TEST(CompareGraphs, a_constant_graph_correlates_with_nothing) {
  EXPECT_TRUE(
      std::isnan(compare_graphs(graph_of({1, 1, 1, 1}), graph_of({1, 2, 3, 4})).correlation));
}

TEST(CompareGraphs, edges_gained_lost_and_turned_are_listed) {
  const GraphComparison result = compare_graphs(graph_of({0, 2, -1, 5}), graph_of({3, 0, 1, 6}));
  ASSERT_EQ(result.gained.size(), 1u);
  EXPECT_EQ(result.gained[0].train, 0u);
  EXPECT_EQ(result.gained[0].eval, 0u);
  EXPECT_EQ(result.gained[0].after, 3);
  ASSERT_EQ(result.lost.size(), 1u);
  EXPECT_EQ(result.lost[0].before, 2);
  ASSERT_EQ(result.sign_changes.size(), 1u);
  EXPECT_EQ(result.sign_changes[0].train, 1u);
  EXPECT_EQ(result.changed_in_noise, 0u);
  EXPECT_EQ(compare_graphs(graph_of({0, 2, -1, 5}), graph_of({3, 0, 1, 6}), false).num_edges, 2u);
}

TEST(CompareGraphs, a_change_inside_the_noise_is_only_counted) {
  // Welch with 4 degrees of freedom: t(.975) = 2.776. Differences of 1: t = 1 / sqrt(2 se^2).
  const auto evidence = [](double mean, double error) {
    return std::vector<EdgeEstimate>(4, EdgeEstimate{3, mean, error, false});
  };
  const double just_inside = 1 / std::sqrt(2.0) / 2.77;
  const double just_outside = 1 / std::sqrt(2.0) / 2.78;
  const auto compare = [&](double error) {
    return compare_graphs(graph_of({0, 0, 0, 0}, evidence(0, error)),
                          graph_of({1, 0, 0, 0}, evidence(1, error)));
  };
  EXPECT_EQ(compare(just_inside).changed_in_noise, 1u);
  EXPECT_TRUE(compare(just_inside).gained.empty());
  EXPECT_EQ(compare(just_outside).changed_in_noise, 0u);
  EXPECT_EQ(compare(just_outside).gained.size(), 1u);
}

TEST(CompareGraphs, skills_are_matched_by_name) {
  const SkillSet turned({"b", "a"});
  const LearnedGraph second{SkillGraph(turned, turned, {4, 3, 2, 1}), {}, {}};
  const GraphComparison result = compare_graphs(graph_of({1, 2, 3, 4}), second);
  EXPECT_DOUBLE_EQ(result.correlation, 1);
  const SkillSet other({"a", "c"});
  const LearnedGraph third{SkillGraph(other, other, {4, 3, 2, 1}), {}, {}};
  EXPECT_THAT(refusal_of([&] { (void)compare_graphs(second, third); }), HasSubstr("c"));
}

TEST(CompareGraphs, the_common_part_keeps_weights_evidence_and_order) {
  const SkillSet train({"a", "b", "c"});
  const SkillSet eval({"b", "x", "a"});
  std::vector<EdgeEstimate> evidence;
  for (int e = 0; e < 9; ++e) evidence.push_back({2, static_cast<double>(e), 1, false});
  const LearnedGraph learned{SkillGraph(train, eval, {0, 1, 2, 3, 4, 5, 6, 7, 8}), evidence, {}};
  const SkillSet turned({"d", "c", "a"});
  const SkillSet both({"a", "b"});
  const LearnedGraph other{SkillGraph(turned, both, {0, 0, 0, 0, 0, 0}), {}, {}};
  const LearnedGraph part = common_part(learned, other);
  EXPECT_EQ(part.graph.train_skills(), SkillSet({"a", "c"}));
  EXPECT_EQ(part.graph.eval_skills(), SkillSet({"b", "a"}));
  EXPECT_THAT(testing::weights_of(part.graph), ::testing::ElementsAre(0, 2, 6, 8));
  ASSERT_EQ(part.edges.size(), 4u);
  EXPECT_EQ(part.edge(1, 0).mean, 6);
  EXPECT_EQ(compare_graphs(part, common_part(other, learned)).num_edges, 4u);
  const LearnedGraph apart{SkillGraph(SkillSet({"z"}), both, {1, 1}), {}, {}};
  EXPECT_THAT(refusal_of([&] { (void)common_part(learned, apart); }),
              ::testing::AllOf(HasSubstr("no training skill in both"), HasSubstr("'z'")));
}

}  // namespace
}  // namespace skillit
