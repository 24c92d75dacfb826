#include "skillit/report/study_html.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "skillit/base/error.h"
#include "skillit/report/summary_json.h"
#include "study_fixture.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using testing::expect_error;
using ::testing::HasSubstr;
using testing::imagined_study;
using ::testing::Not;
using testing::small_run;

constexpr std::string_view kScript = "window.echarts = {{data}};";

json data_of(const std::vector<RunRecord>& runs) {
  return json::parse(study_page_data(runs, summarize(runs), std::nullopt));
}

TEST(StudyHtml, TheSummaryInThePageIsSummaryJson) {
  const auto runs = imagined_study(3);
  EXPECT_EQ(data_of(runs)["summary"], json::parse(to_json(summarize(runs))));
}

TEST(StudyHtml, CurvesAreMeansWithTheSpreadOfTheSeeds) {
  const json curves = data_of({small_run("random", 0, {{1, 3}, {0.5, 1}, {0.25, 0.5}}),
                               small_run("random", 1, {{1, 3}, {1, 2}, {0.75, 1}})})["curves"];
  ASSERT_EQ(curves.size(), 1u);
  EXPECT_EQ(curves[0]["steps"], (std::vector<int>{0, 10, 20}));
  EXPECT_EQ(curves[0]["all"]["mean"], (std::vector<double>{2, 1.125, 0.625}));
  EXPECT_EQ(curves[0]["all"]["low"], (std::vector<double>{2, 0.75, 0.375}));
  EXPECT_EQ(curves[0]["all"]["high"], (std::vector<double>{2, 1.5, 0.875}));
  EXPECT_EQ(curves[0]["skills"][1]["mean"], (std::vector<double>{3, 1.5, 0.75}));
}

TEST(StudyHtml, ALossThatIsNotFiniteLeavesAGap) {
  auto runs = imagined_study(2);
  runs[0].evaluations[3].losses.values[1] = NAN;
  const json curves = data_of(runs)["curves"];
  EXPECT_TRUE(curves[0]["all"]["mean"][3].is_null());
  EXPECT_TRUE(curves[0]["skills"][1]["low"][3].is_null());
  EXPECT_FALSE(curves[0]["skills"][0]["low"][3].is_null());
}

TEST(StudyHtml, DeliveredIsTheMeanOverSeedsAtTheEnd) {
  auto one = small_run("random", 0, {{1, 1}, {1, 1}, {1, 1}}), two = one;
  two.manifest.seed = 1;
  one.rounds[1].asked = {10.5, 29.5};
  one.rounds[1].delivered = {10, 30};
  two.rounds[1].asked = {11.5, 28.5};
  two.rounds[1].delivered = {12, 28};
  one.manifest.train_samples = two.manifest.train_samples = {11, 58};
  const json delivered = data_of({one, two})["delivered"][0];
  EXPECT_EQ(delivered["asked"], (std::vector<double>{11, 29}));
  EXPECT_EQ(delivered["delivered"], (std::vector<double>{11, 29}));
  EXPECT_NEAR(delivered["epochs"][0].get<double>(), 1, 1e-12);
  EXPECT_NEAR(delivered["epochs"][1].get<double>(), 0.5, 1e-12);
  two.manifest.train_samples.clear();
  EXPECT_TRUE(data_of({one, two})["delivered"][0]["epochs"].is_null()) << "an older record";
}

TEST(StudyHtml, SettingsThatDifferAreShownByMethod) {
  auto runs = imagined_study(1);
  for (auto& run : runs) run.manifest.recipe = "name: x\nsteps: 600\noptimizer: {lr: 0.001}\n";
  runs[1].manifest.recipe = "name: y\nsteps: 600\noptimizer: {lr: 0.002}\nextra: 1\n";
  const json configuration = data_of(runs)["configuration"];
  EXPECT_EQ(configuration["same"], json::parse(R"([["steps", "600"]])"));
  EXPECT_EQ(configuration["different"], json::parse(R"([
      {"key": "extra", "values": ["not set", "1", "not set"]},
      {"key": "optimizer.lr", "values": ["0.001", "0.002", "0.001"]}])"));
}

TEST(StudyHtml, ProvenanceListsWhatRunsDoNotShare) {
  auto runs = imagined_study(5);
  for (auto& run : runs) {
    run.manifest.fingerprints = {{"data", "d" + std::to_string(run.manifest.seed)}, {"base", "b"}};
    run.manifest.versions = {{"torch", "2.13.0"}};
  }
  const json rows = data_of(runs)["provenance"];
  EXPECT_EQ(rows[0], (json{"runs", "15"}));
  EXPECT_EQ(rows[1], (json{"fingerprint of base", "b"}));
  EXPECT_EQ(rows[2], (json{"fingerprint of data", "d0, d1, d2 and 2 more"}));
  EXPECT_EQ(rows[3], (json{"version of torch", "2.13.0"}));
}

TEST(StudyHtml, TheGraphComesWithItsNames) {
  const auto runs = imagined_study(1);
  LearnedGraph learned;
  learned.graph = SkillGraph(SkillSet({"a"}), SkillSet({"b", "c"}), {0.5, -0.25});
  learned.provenance = {{"learner", "approximate"}};
  const json graph = json::parse(study_page_data(runs, summarize(runs), learned))["graph"];
  EXPECT_EQ(graph["weights"], (std::vector<double>{0.5, -0.25}));
  EXPECT_EQ(graph["eval"], (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(graph["origin"]["learner"], "approximate");
  EXPECT_TRUE(data_of(runs)["graph"].is_null());
}

TEST(StudyHtml, RunsThatTheSummaryDoesNotCountAreNotDrawn) {
  const auto all = imagined_study(3);
  std::vector<RunRecord> some;
  for (const auto& run : all) {
    if (run.manifest.method != "random" && run.manifest.seed != 2) some.push_back(run);
  }
  const json data = json::parse(study_page_data(all, summarize(some), std::nullopt));
  ASSERT_EQ(data["curves"].size(), 2u);
  EXPECT_EQ(data["curves"], data_of(some)["curves"]);
}

TEST(StudyHtml, ALargeStudyIsThinnedNotLost) {
  std::vector<RunRecord> runs;
  for (int method = 0; method < 12; ++method) {
    RunRecord run = testing::imagined_run("skillit", 1, 0, 4000);  // 201 evaluations.
    run.manifest.method = "m" + std::to_string(method);
    run.manifest.train_skills.clear();
    for (int skill = 0; skill < 300; ++skill)
      run.manifest.train_skills.push_back("skill " + std::to_string(skill));
    run.manifest.eval_skills = run.manifest.train_skills;
    for (auto& evaluation : run.evaluations) {
      evaluation.losses.values.assign(300, 0.123456789);
      evaluation.accuracies.assign(300, 0.5);
    }
    for (auto& round : run.rounds) round.mixture.assign(300, 1.0 / 300);
    runs.push_back(std::move(run));
  }
  const std::string page = study_page_data(runs, summarize(runs), std::nullopt);
  EXPECT_LT(page.size(), 12u << 20);
  const json steps = json::parse(page)["curves"][0]["steps"];
  EXPECT_GE(steps.size(), 12u);
  EXPECT_EQ(steps.front(), 0);
  EXPECT_EQ(steps.back(), 4000);
}

TEST(StudyHtml, NoNameCanEndTheScriptOrBecomeHtml) {
  auto runs = imagined_study(2);
  const std::vector<std::string> names = {"</script><b>", "<!-- \"' \\", "ünï \u2028"};
  for (auto& run : runs) {
    run.manifest.study = "<i>&\"{{data}}";
    run.manifest.train_skills = run.manifest.eval_skills = names;
    if (run.manifest.method == "random") run.manifest.method = "x</script><img src=x>";
  }
  const std::string page = study_to_html(runs, summarize(runs), std::nullopt, kScript);
  EXPECT_THAT(page, Not(HasSubstr("</script><b>")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr("<title>&lt;i&gt;&amp;&quot;{{data}}"));
  EXPECT_THAT(page, HasSubstr("\\u003c/script>\\u003cimg src=x>"));
  EXPECT_THAT(page, HasSubstr(std::string(kScript))) << "what is put in is not filled again";
}

TEST(StudyHtml, PointsAtNothingOutsideItself) {
  const auto runs = imagined_study(2);
  const std::string page = study_to_html(runs, summarize(runs), std::nullopt, kScript);
  for (const char* reference : {" src=", " href=", "@import", "url("})
    EXPECT_THAT(page, Not(HasSubstr(reference)));
}

TEST(StudyHtml, AScriptThatWouldEndTheElementIsRefused) {
  const auto runs = imagined_study(1);
  expect_error(ErrorCode::kBadArgument, {"</script", "echarts.min.js"},
               [&] { (void)study_to_html(runs, summarize(runs), std::nullopt, "x</script>"); });
}

}  // namespace
}  // namespace skillit
