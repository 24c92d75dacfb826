#include "skillit/report/graph_terminal.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "graph_fixture.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace testing;

const std::vector<std::string> kDiagnosis = {"Expect little."};

TEST(GraphTerminal, SmallGraphsShowNumbersInAlignedColumns) {
  const std::string text = graph_to_terminal(small_graph(), kDiagnosis, {.width = 60});
  const auto lines = lines_of(text);
  const auto head = std::find_if(lines.begin(), lines.end(),
                                 [](const auto& line) { return line.starts_with("trained on"); });
  ASSERT_NE(head, lines.end());
  EXPECT_THAT(head[1], AllOf(StartsWith("1 a"), HasSubstr("+2.000"), HasSubstr("+0.500")));
  EXPECT_THAT(head[2], HasSubstr("·"));
  EXPECT_THAT(head[3], HasSubstr("-0.250"));
  // The names of the columns end where their numbers end, and so does the dot.
  EXPECT_EQ(display_width(head[0]), display_width(head[1]));
  EXPECT_EQ(head[0].find(" b ") + 1, head[1].find("+0.500") + 5);
  EXPECT_EQ(display_width(head[0]), display_width(head[2].substr(0, head[2].rfind("·")) + "· "));
  EXPECT_THAT(text, Not(HasSubstr("\033")));
  EXPECT_LE(widest(text), 60U);
}

TEST(GraphTerminal, ListsTheStrongestEdgesWithTheirIntervals) {
  const std::string text = graph_to_terminal(small_graph(), kDiagnosis);
  EXPECT_THAT(text, HasSubstr("a → b  +0.500  +0.5 ± 0.28, n = 5"));
  EXPECT_THAT(text, HasSubstr("c → a  -0.250"));
  EXPECT_THAT(text, HasSubstr("What this means\nExpect little.\n"));
}

TEST(GraphTerminal, WithoutEvidenceOrDiagnosisNothingIsClaimed) {
  const std::string text = graph_to_terminal(chain(3), {});
  EXPECT_THAT(text, Not(HasSubstr("measured")));
  EXPECT_THAT(text, Not(HasSubstr("What this means")));
  LearnedGraph once = small_graph();
  once.edges[1] = {.n = 1, .mean = 0.5};
  EXPECT_THAT(graph_to_terminal(once, {}), HasSubstr("+0.500  +0.5, n = 1"));
}

TEST(GraphTerminal, AThresholdHidesWeakEdges) {
  const std::string text = graph_to_terminal(small_graph(), {}, {.threshold = 0.3});
  EXPECT_THAT(text, Not(HasSubstr("-0.250")));
  EXPECT_THAT(text, HasSubstr("Weights below 0.3 in size count as no edge."));
  EXPECT_THAT(graph_to_terminal(small_graph(), {}, {.threshold = 3}), HasSubstr("none\n"));
}

TEST(GraphTerminal, ColorChangesNoCharacterOfTheMatrix) {
  for (const ColorDepth depth : {ColorDepth::k256, ColorDepth::kTrue}) {
    const std::string colored = graph_to_terminal(small_graph(), {}, {.width = 60, .color = depth});
    const auto plain = lines_of(graph_to_terminal(small_graph(), {}, {.width = 60}));
    const auto row = std::find_if(plain.begin(), plain.end(),
                                  [](const auto& line) { return line.starts_with("1 a"); });
    ASSERT_NE(row, plain.end());
    EXPECT_THAT(lines_of(without_color(colored)), Contains(*row));
    EXPECT_THAT(colored, HasSubstr(depth == ColorDepth::kTrue ? "48;2;" : "48;5;"));
  }
}

TEST(GraphTerminal, Of256ColorsThoseAreTakenThatKeepBlueAndOrange) {
  const std::string text = graph_to_terminal(small_graph(), {}, {.color = ColorDepth::k256});
  EXPECT_THAT(text, HasSubstr("48;5;117m"));  // +0.5, the full colour.
  EXPECT_THAT(text, HasSubstr("48;5;130m"));  // -0.25, half of it.
}

TEST(GraphTerminal, LargerGraphsShowADigitForEachEdge) {
  const auto lines = lines_of(graph_to_terminal(chain(30), {}, {.width = 80}));
  const auto tens = std::find_if(lines.begin(), lines.end(),
                                 [](const auto& line) { return line.ends_with(" 2 2 2 3"); });
  ASSERT_NE(tens, lines.end());
  EXPECT_THAT(tens[1], AllOf(StartsWith("trained on"), ::testing::EndsWith(" 7 8 9 0")));
  EXPECT_THAT(tens[2], AllOf(StartsWith(" 1 skill 1 "), HasSubstr(" 0+9 0")));
  EXPECT_EQ(display_width(tens[1]), display_width(tens[2]));
}

TEST(GraphTerminal, HugeGraphsShowMeansOfBlocksWithinTheWidth) {
  for (const ColorDepth depth : {ColorDepth::kNone, ColorDepth::kTrue}) {
    for (const std::size_t width : {60U, 80U, 137U}) {
      const std::string text = graph_to_terminal(chain(300), {}, {.width = width, .color = depth});
      EXPECT_LE(widest(text), width);
      EXPECT_THAT(text, HasSubstr("mean of"));
      EXPECT_LT(lines_of(text).size(), 90U);
    }
  }
}

TEST(GraphTerminal, ABlockIsTheMeanOfItsEdgesWithoutSelfEdges) {
  // 80 columns of 80 fit one by one; two rows share a character. Self-edges of 5 change nothing.
  std::vector<double> weights(80 * 80, 0.0);
  for (std::size_t i = 0; i < 80; ++i) weights[i * 81] = 5;
  weights[0 * 80 + 1] = 0.9;  // Alone beside a self-edge: its own mean.
  weights[1 * 80 + 2] = 0.9;  // Beside a 0: half.
  weights[1 * 80 + 3] = -0.9;
  LearnedGraph learned = chain(80);
  learned.graph = SkillGraph(learned.graph.train_skills(), learned.graph.eval_skills(), weights);
  const auto lines = lines_of(graph_to_terminal(learned, {}, {.width = 90}));
  EXPECT_THAT(lines, Contains(StartsWith(" 1-2  .95e.")));
}

TEST(GraphTerminal, ManyRowsAndFewColumnsStayAMatrix) {
  std::vector<std::string> rows;
  for (int i = 0; i < 59; ++i) rows.push_back("task " + std::to_string(i));
  LearnedGraph learned;
  learned.graph = SkillGraph(SkillSet(rows), SkillSet({"x", "y"}), std::vector<double>(118, 0.5));
  EXPECT_THAT(graph_to_terminal(learned, {}),
              AllOf(HasSubstr("59 task 58"), HasSubstr("118 of 118")));
}

TEST(GraphTerminal, NamesAreCutAndCannotSteerTheTerminal) {
  const std::string evil = "\033[2Jgone\a";
  const std::string text = graph_to_terminal(
      small_graph({evil, "zwölf Wörter über Fähigkeiten und mehr davon", "c"}), {}, {.width = 60});
  EXPECT_THAT(text, Not(HasSubstr("\033")));
  EXPECT_THAT(text, HasSubstr("?[2Jgone?"));
  EXPECT_THAT(text, HasSubstr("…"));
  EXPECT_LE(widest(text), 60U);
}

TEST(GraphTerminal, ColumnsWhoseCutNamesWouldBeTheSameGetNumbers) {
  const auto text = [](const std::vector<std::string>& names) {
    return graph_to_terminal(small_graph(names), {}, {.width = 60});
  };
  const std::string same = text({"verb-100-of-many", "verb-200-of-many", "verb-300-of-many"});
  EXPECT_THAT(same, HasSubstr("Columns are numbered like the rows."));
  EXPECT_THAT(same, HasSubstr("3 verb-300-of-many"));
  EXPECT_THAT(text({"ask-something-long", "say-something-else", "tell-all-that-is"}),
              Not(HasSubstr("Columns are numbered")));
}

TEST(GraphTerminal, OneSkillAndAnEmptyGraphCanBeDrawn) {
  EXPECT_THAT(graph_to_terminal(chain(1), {}), HasSubstr("0 of 0 possible edges"));
  EXPECT_THAT(graph_to_terminal(LearnedGraph{}, {}), HasSubstr("0 training skills"));
}

}  // namespace
}  // namespace skillit
