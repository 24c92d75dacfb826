#include "skillit/report/graph_html.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "graph_fixture.h"
#include "skillit/report/graph_json.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace testing;
using nlohmann::json;

constexpr std::string_view kScript = "var echarts = '{{data}}';";

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin) + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

json data_of(const std::string& page) {
  return json::parse(between(page, "<script type=\"application/json\" id=\"graph\">", "</script>"));
}

TEST(GraphHtml, CarriesTheGraphItsEvidenceAndTheCharts) {
  LearnedGraph learned = small_graph();
  learned.provenance["learner"] = "approximate";
  const std::vector<std::string> diagnosis = {"Expect little."};
  const std::string page = graph_to_html(learned, diagnosis, kScript, {.threshold = 0.125});
  const json data = data_of(page);
  EXPECT_EQ(data["train"], (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(data["weights"], (std::vector<double>{2, 0.5, 0, 0, 2, 0, -0.25, 0, 2}));
  EXPECT_EQ(data["evidence"]["n"][5], 5);
  EXPECT_EQ(data["evidence"]["mean"][5], 0.1);
  EXPECT_NEAR(data["evidence"]["reach"][5].get<double>(), 0.277645, 1e-6);
  EXPECT_EQ(data["evidence"]["noise"], (std::vector<int>{0, 0, 0, 0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(data["full"], 0.5);
  EXPECT_EQ(data["threshold"], 0.125);
  EXPECT_EQ(data["diagnosis"][0], "Expect little.");
  EXPECT_EQ(data["provenance"][0], (std::vector<std::string>{"learner", "approximate"}));
  // What is put in is not looked at again for places to fill.
  EXPECT_THAT(page, HasSubstr(std::string(kScript)));
}

TEST(GraphHtml, WhatIsNotKnownIsNull) {
  EXPECT_TRUE(data_of(graph_to_html(chain(2), {}, kScript))["evidence"].is_null());
  LearnedGraph learned = small_graph();
  learned.edges[1] = {.n = 1, .mean = 0.5};
  EXPECT_TRUE(data_of(graph_to_html(learned, {}, kScript))["evidence"]["reach"][1].is_null());
}

TEST(GraphHtml, NoNameCanEndTheScriptOrBecomeHtml) {
  const std::vector<std::string> names = {"</script><b>", "<!-- \"' \\", "ünï \u2028"};
  const std::string page =
      graph_to_html(small_graph(names), {}, kScript, {.title = "<i>&\"{{data}}"});
  EXPECT_EQ(data_of(page)["train"], names);
  EXPECT_THAT(page, Not(HasSubstr("</script><b>")));
  EXPECT_THAT(page, HasSubstr("<title>&lt;i&gt;&amp;&quot;{{data}}</title>"));
}

TEST(GraphHtml, PointsAtNothingOutsideItself) {
  const std::string page = graph_to_html(small_graph(), {}, kScript);
  EXPECT_THAT(page, Not(HasSubstr(" src=")));
  EXPECT_THAT(page, Not(HasSubstr(" href=")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
}

TEST(GraphHtml, AScriptThatWouldEndTheElementIsRefused) {
  expect_error(ErrorCode::kBadArgument, {"</script", "echarts.min.js"},
               [] { (void)graph_to_html(chain(2), {}, "x</script>"); });
}

TEST(GraphJson, HoldsCountsAndStrongestEdges) {
  const json value = json::parse(graph_view_to_json(small_graph(), {}, 0.25));
  EXPECT_EQ(value["train_skills"], 3);
  EXPECT_EQ(value["edges"], json({{"possible", 6}, {"helps", 1}, {"harms", 1}, {"noise", 1}}));
  ASSERT_EQ(value["strongest"].size(), 2U);
  EXPECT_EQ(value["strongest"][0]["train"], "a");
  EXPECT_EQ(value["strongest"][0]["weight"], 0.5);
  EXPECT_NEAR(value["strongest"][0]["interval_95"][1].get<double>(), 0.7776445, 1e-6);
}

TEST(GraphJson, WhatWasNotMeasuredIsNull) {
  const json value = json::parse(graph_view_to_json(chain(2), {}, 0));
  EXPECT_TRUE(value["strongest"][0]["n"].is_null());
  EXPECT_TRUE(value["strongest"][0]["interval_95"].is_null());
}

}  // namespace
}  // namespace skillit
