#include "skillit/skill/graph_ablation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using testing::expect_error;

const SkillSet kAbc({"a", "b", "c"});

std::vector<double> weights_of(const SkillGraph& graph) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i)
    weights.insert(weights.end(), graph.row(i).begin(), graph.row(i).end());
  return weights;
}

TEST(GraphAblation, TransposedTurnsEveryEdgeByName) {
  const SkillGraph graph(kAbc, kAbc, {1, .5, 0, 0, 2, .1, 0, 0, 3});
  EXPECT_EQ(transposed(graph), SkillGraph(kAbc, kAbc, {1, 0, 0, .5, 2, 0, 0, .1, 3}));
  EXPECT_EQ(transposed(transposed(graph)), graph);
  const SkillSet turned({"c", "b", "a"});
  EXPECT_EQ(transposed(graph.reordered(kAbc, turned)), transposed(graph).reordered(kAbc, turned));
  const SkillGraph other(kAbc, SkillSet({"x", "y", "z"}), std::vector<double>(9, 1));
  expect_error(ErrorCode::kMismatch, {"transposed"}, [&] { (void)transposed(other); });
}

TEST(GraphAblation, ShuffledKeepsTheWeightsAndEverySkillsOwn) {
  const SkillGraph graph(kAbc, kAbc, {1, .1, .2, .3, 2, .4, .5, .6, 3});
  bool moved = false;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const SkillGraph other = shuffled(graph, seed);
    EXPECT_EQ(other, shuffled(graph, seed));
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(other(i, i), graph(i, i));
    auto have = weights_of(other), wanted = weights_of(graph);
    moved |= have != wanted;
    std::sort(have.begin(), have.end());
    std::sort(wanted.begin(), wanted.end());
    EXPECT_EQ(have, wanted);
  }
  EXPECT_TRUE(moved);
}

// 9900 edges of weight 0: the deviation of their errors is known to 1 in 140.
TEST(GraphAblation, NoiseHasTheDeviationAskedForAndSparesEverySkillsOwn) {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("s" + std::to_string(i));
  const SkillSet skills(names);
  const SkillGraph noisy = with_noise(SkillGraph::identity(skills, skills), .5, 3);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(noisy(i, i), 1);
    for (std::size_t j = 0; j < 100; ++j) {
      sum += i == j ? 0 : noisy(i, j);
      squares += i == j ? 0 : noisy(i, j) * noisy(i, j);
    }
  }
  EXPECT_NEAR(sum / 9900, 0, .025);
  EXPECT_NEAR(std::sqrt(squares / 9900), .5, .02);
  EXPECT_NE(noisy, with_noise(SkillGraph::identity(skills, skills), .5, 4));
}

}  // namespace
}  // namespace skillit
