#include "skillit/report/graph_svg.h"

#include <gmock/gmock.h>

#include "graph_fixture.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace testing;

TEST(GraphSvg, SmallGraphsShowNamesAndWeights) {
  const std::string svg = graph_to_svg(small_graph({"first", "second", "third"}));
  EXPECT_THAT(svg, AllOf(HasSubstr(">second</text>"), HasSubstr(">+0.500</text>"),
                         HasSubstr(">-0.250</text>"), HasSubstr(">·</text>")));
  EXPECT_EQ(count_of(svg, ">second</text>"), 2U);
  EXPECT_THAT(svg, HasSubstr("<path class=\"p8\""));  // 0.5, and the self-edges beyond it.
  EXPECT_THAT(svg, HasSubstr("<path class=\"n4\""));  // -0.25 is half of 0.5.
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme:dark"));
}

TEST(GraphSvg, AThresholdHidesWeakEdges) {
  const std::string svg = graph_to_svg(small_graph(), 0.3);
  EXPECT_THAT(svg, AllOf(Not(HasSubstr("<path class=\"n")), HasSubstr("below 0.3")));
}

TEST(GraphSvg, NamesAreEscaped) {
  const std::string svg = graph_to_svg(small_graph({"<a & \"b\">", "ünï", "c\a"}));
  EXPECT_THAT(svg, AllOf(HasSubstr("&lt;a &amp; &quot;b&quot;&gt;"), HasSubstr("ünï"),
                         Not(HasSubstr("\a"))));
}

TEST(GraphSvg, HugeGraphsShowNumbersAndStaySmall) {
  const std::string svg = graph_to_svg(chain(300));
  EXPECT_THAT(svg, AllOf(HasSubstr(">276</text>"), Not(HasSubstr("skill 1"))));
  EXPECT_LT(svg.size(), 100000U);
}

TEST(GraphSvg, AnEmptyGraphIsADocument) {
  EXPECT_THAT(graph_to_svg(LearnedGraph{}), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace skillit
