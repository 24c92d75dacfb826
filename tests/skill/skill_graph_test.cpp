#include "skillit/skill/skill_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;
using testing::expect_error;

const SkillSet kTrain({"a", "b"});
const SkillSet kEval({"x", "y", "z"});

SkillGraph example() {
  return {kTrain, kEval, {1, 2, 3, 4, 5, 6}};
}

TEST(SkillGraph, RowsAreTrainingAndColumnsEvaluationSkills) {
  const SkillGraph graph = example();
  EXPECT_EQ(graph.train_skills(), kTrain);
  EXPECT_EQ(graph.eval_skills(), kEval);
  EXPECT_EQ(graph(0, 2), 3);
  EXPECT_EQ(graph(1, 0), 4);
  EXPECT_THAT(graph.row(1), ElementsAre(4, 5, 6));
}

TEST(SkillGraph, KeepsNegativeEdges) {
  EXPECT_EQ(SkillGraph(kTrain, kTrain, {1, -0.5, 0, 1})(0, 1), -0.5);
}

TEST(SkillGraph, TheIdentityMatchesNamesAndNotPlaces) {
  const SkillGraph graph = SkillGraph::identity(SkillSet({"a", "b", "c"}), SkillSet({"c", "a"}));
  EXPECT_THAT(graph.row(0), ElementsAre(0, 1));
  EXPECT_THAT(graph.row(1), ElementsAre(0, 0));
  EXPECT_THAT(graph.row(2), ElementsAre(1, 0));
}

TEST(SkillGraph, IsReorderedByNameOnBothAxes) {
  const SkillGraph graph = example().reordered(SkillSet({"b", "a"}), SkillSet({"z", "x", "y"}));
  EXPECT_THAT(graph.row(0), ElementsAre(6, 4, 5));
  EXPECT_THAT(graph.row(1), ElementsAre(3, 1, 2));
  EXPECT_EQ(graph.reordered(kTrain, kEval), example());
}

TEST(SkillGraph, AMismatchListsAllNamesOfTheAxis) {
  expect_error(
      ErrorCode::kMismatch,
      {"g.json's rows", "only the run's training skills has c, d;", "only g.json's rows has b;"},
      [] {
        (void)example().reordered(SkillSet({"c", "a", "d"}), kEval, "g.json");
      });
  expect_error(ErrorCode::kMismatch,
               {"g.json's columns", "only the run's evaluation skills has w;",
                "only g.json's columns has x, z;"},
               [] {
                 (void)example().reordered(kTrain, SkillSet({"w", "y"}), "g.json");
               });
}

TEST(SkillGraph, RefusesTheWrongNumberOfWeights) {
  expect_error(ErrorCode::kBadArgument, {"g.json", "5 weights found", "2 x 3 = 6 expected"}, [] {
    SkillGraph(kTrain, kEval, {1, 2, 3, 4, 5}, "g.json");
  });
  expect_error(ErrorCode::kBadArgument, {"g.json", "at least one training"},
               [] { SkillGraph(SkillSet(), kEval, {}, "g.json"); });
  expect_error(ErrorCode::kBadArgument, {"g.json", "one evaluation skill"},
               [] { SkillGraph(kTrain, SkillSet(), {}, "g.json"); });
}

TEST(SkillGraph, NamesTheEdgeThatIsNoNumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  expect_error(ErrorCode::kBadArgument, {"g.json", "the edge b -> y is nan", "finite"}, [&] {
    SkillGraph(kTrain, kEval, {1, 2, 3, 4, nan, 6}, "g.json");
  });
  expect_error(ErrorCode::kBadArgument, {"the edge a -> z is -inf"}, [&] {
    SkillGraph(kTrain, kEval, {1, 2, -inf, 4, 5, 6}, "g.json");
  });
}

}  // namespace
}  // namespace skillit
