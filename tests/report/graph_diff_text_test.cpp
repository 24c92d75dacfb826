#include "skillit/report/graph_diff_text.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "graph_fixture.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace testing;

GraphComparison some_comparison() {
  GraphComparison comparison;
  comparison.num_edges = 9;
  comparison.correlation = 0.875;
  comparison.rank_correlation = -0.5;
  comparison.gained = {{.train = 0, .eval = 2, .before = 0, .after = 0.5}};
  comparison.sign_changes = {{.train = 1, .eval = 0, .before = -0.25, .after = 0.125}};
  comparison.changed_in_noise = 3;
  return comparison;
}

TEST(GraphDiffText, TellsHowAlikeTheGraphsAreAndWhatChanged) {
  const std::string text = comparison_to_text(some_comparison(), chain(3).graph);
  EXPECT_THAT(text, AllOf(HasSubstr("9 pairs"), HasSubstr("+0.875"), HasSubstr("-0.500")));
  EXPECT_THAT(text, HasSubstr("Edges gained: 1\n       0 became +0.500  skill 1 → skill 3\n"));
  EXPECT_THAT(text, HasSubstr("Edges lost: 0\n"));
  EXPECT_THAT(text, HasSubstr("-0.250 became +0.125  skill 2 → skill 1"));
  EXPECT_THAT(text, HasSubstr("3 more changes are within the noise"));
}

TEST(GraphDiffText, LongListsAreCutAndSayHowMuch) {
  GraphComparison comparison;
  comparison.lost.assign(40, {.train = 0, .eval = 1, .before = 1, .after = 0});
  const std::string text = comparison_to_text(comparison, chain(3).graph);
  EXPECT_THAT(text, AllOf(HasSubstr("Edges lost: 40"), HasSubstr("and 25 smaller ones"),
                          Not(HasSubstr("noise"))));
  EXPECT_EQ(count_of(text, "became"), 15U);
}

TEST(GraphDiffText, ACorrelationThatDoesNotExistIsNoNumber) {
  GraphComparison comparison;
  comparison.correlation = std::numeric_limits<double>::quiet_NaN();
  const SkillGraph graph = chain(2).graph;
  EXPECT_THAT(comparison_to_text(comparison, graph), HasSubstr("not defined"));
  EXPECT_TRUE(
      nlohmann::json::parse(comparison_to_json(comparison, graph))["correlation"].is_null());
}

TEST(GraphDiffText, JsonHoldsEveryChange) {
  const auto json = nlohmann::json::parse(comparison_to_json(some_comparison(), chain(3).graph));
  EXPECT_EQ(json["pairs"], 9);
  EXPECT_EQ(json["gained"][0]["eval"], "skill 3");
  EXPECT_EQ(json["gained"][0]["after"], 0.5);
  EXPECT_EQ(json["sign_changes"][0]["before"], -0.25);
  EXPECT_EQ(json["changed_in_noise"], 3);
}

}  // namespace
}  // namespace skillit
