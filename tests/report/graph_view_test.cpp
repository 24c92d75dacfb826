#include "skillit/report/graph_view.h"

#include <gmock/gmock.h>

#include "graph_fixture.h"
#include "skillit/report/graph_palette.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;
using testing::small_graph;

TEST(GraphView, CountsEdgesBetweenDifferentSkills) {
  const EdgeCounts counts = count_edges(small_graph(), 0);
  EXPECT_EQ(counts.possible, 6U);
  EXPECT_EQ(counts.helps, 1U);
  EXPECT_EQ(counts.harms, 1U);
  EXPECT_EQ(counts.noise, 1U);
  EXPECT_EQ(counts_text(counts),
            "2 of 6 possible edges between different skills: 1 help, 1 harm; 1 more are within the "
            "noise");
  EXPECT_EQ(count_edges(small_graph(), 0.3).harms, 0U);
}

TEST(GraphView, AWeightAtTheThresholdIsDrawn) {
  const LearnedGraph learned = small_graph();
  EXPECT_EQ(drawn_weight(learned.graph, {2, 0}, 0.25), -0.25);
  EXPECT_EQ(drawn_weight(learned.graph, {2, 0}, 0.26), 0);
}

TEST(GraphView, TheFullColorIsThatOfTheStrongestEdgeBetweenSkills) {
  EXPECT_EQ(full_color_weight(small_graph().graph), 0.5);
  const SkillSet one({"a"});
  EXPECT_EQ(full_color_weight(SkillGraph(one, one, {-3})), 3);
  EXPECT_EQ(full_color_weight(SkillGraph(one, one, {0})), 1);
}

TEST(GraphView, StrongestEdgesComeFirstAndEqualOnesByPlace) {
  EXPECT_THAT(strongest_edges(small_graph(), 9, 0), ElementsAre(EdgePlace{0, 1}, EdgePlace{2, 0}));
  EXPECT_THAT(strongest_edges(small_graph(), 1, 0), ElementsAre(EdgePlace{0, 1}));
  EXPECT_THAT(strongest_edges(testing::chain(3), 9, 0),
              ElementsAre(EdgePlace{0, 1}, EdgePlace{1, 2}));
  EXPECT_TRUE(strongest_edges(small_graph(), 9, 0.6).empty());
}

TEST(GraphView, TheReachOfAnIntervalIsTQuantileTimesStandardError) {
  // t(0.975, 4) = 2.7764451052.
  EXPECT_NEAR(interval_reach({.n = 5, .mean = 1, .standard_error = 0.1}), 0.27764451052, 1e-10);
  EXPECT_TRUE(std::isnan(interval_reach({.n = 1, .mean = 1})));
}

TEST(GraphView, WeightsFitSixCells) {
  EXPECT_EQ(weight_text(0.5184), "+0.518");
  EXPECT_EQ(weight_text(-12.34), "-12.3");
  EXPECT_EQ(weight_text(9.9999), "+10.0");
  EXPECT_EQ(weight_text(123.4), "+123");
  EXPECT_EQ(weight_text(999.9), "+1e+03");
  EXPECT_EQ(weight_text(-0.0), "0");
  EXPECT_EQ(weight_text(-0.00004), "-4e-05");
}

TEST(GraphPalette, EndsAndMiddleAreThoseOfTheRampAndOutsideValuesAreTheEnds) {
  for (const Ground ground : {Ground::kLight, Ground::kDark}) {
    EXPECT_EQ(diverging_color(-7, ground), diverging_color(-1, ground));
    EXPECT_EQ(diverging_color(7, ground), diverging_color(1, ground));
  }
  EXPECT_EQ(hex(diverging_color(1, Ground::kLight)), "#0b4580");
  EXPECT_EQ(hex(diverging_color(0, Ground::kLight)), "#f4f4f4");
  // A quarter of the way up: the mean of 0xf4 and 0x62, 0xa3, 0xd6.
  EXPECT_EQ(hex(diverging_color(0.25, Ground::kLight)), "#abcce5");
}

TEST(GraphPalette, InkIsReadableOnItsGround) {
  EXPECT_EQ(hex(ink_on({255, 255, 255})), "#000000");
  EXPECT_EQ(hex(ink_on({11, 69, 128})), "#ffffff");
}

}  // namespace
}  // namespace skillit
