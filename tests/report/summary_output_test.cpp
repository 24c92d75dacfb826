#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "skillit/base/error.h"
#include "skillit/report/headline.h"
#include "skillit/report/summary_json.h"
#include "skillit/report/summary_table.h"
#include "skillit/report/svg_chart.h"
#include "skillit/report/text_layout.h"
#include "study_fixture.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;
using testing::imagined_study;
using ::testing::Not;

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, display_width(line));
  return widest;
}

std::size_t occurrences(const std::string& text, const std::string& piece) {
  std::size_t count = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1))
    ++count;
  return count;
}

TEST(SummaryJson, HoldsTheNumbersOfTheSummary) {
  const StudySummary summary = summarize(imagined_study(4));
  const auto json = nlohmann::json::parse(to_json(summary));
  EXPECT_EQ(json["format_version"], 1);
  EXPECT_EQ(json["study"], "lego");
  EXPECT_EQ(json["threshold"], 0.1);
  ASSERT_EQ(json["methods"].size(), 3u);
  const auto& skillit = json["methods"][2];
  EXPECT_EQ(skillit["method"], "skillit");
  EXPECT_EQ(skillit["seeds"], (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(skillit["final_loss"]["mean"].get<double>(),
            summary.methods[2].final_loss.estimate.mean);
  EXPECT_EQ(skillit["final_loss"]["interval_95"][1].get<double>(),
            summary.methods[2].final_loss.estimate.high);
  EXPECT_EQ(skillit["loss_area"]["by_seed"].get<std::vector<double>>(),
            summary.methods[2].loss_area.by_seed);
  EXPECT_EQ(skillit["skills"]["skill 2"]["final_accuracy"]["mean"].get<double>(),
            summary.methods[2].skill_accuracies[1].mean);
  EXPECT_EQ(skillit["mixture_path"].size(), 10u);
  ASSERT_EQ(json["pairs"].size(), 3u);
  const auto& pair = json["pairs"][2];
  EXPECT_EQ(pair["first"], "skillit");
  EXPECT_EQ(pair["second"], "stratified");
  EXPECT_EQ(pair["loss_area"]["p_value"].get<double>(), summary.pairs[2].loss_area.p_value);
  EXPECT_EQ(pair["loss_area"]["sign_flip_p_value"].get<double>(),
            *summary.pairs[2].loss_area.sign_p);
  EXPECT_THAT(pair["steps_to_threshold"]["verdict"].get<std::string>(), HasSubstr("skillit"));
  EXPECT_EQ(pair["final_loss"]["holm_p_value"].get<double>(), *summary.pairs[2].final_loss.holm_p);
  EXPECT_EQ(pair["final_loss"]["bootstrap_95"][0].get<double>(),
            summary.pairs[2].final_loss.bootstrap->low);
  EXPECT_EQ(pair["skills"]["first_lower"], summary.pairs[2].skills.first_lower);
  EXPECT_EQ(pair["first_reaches_second"]["median"].get<double>(),
            summary.pairs[2].first_reaches.steps.median);
  EXPECT_EQ(json["verdict"], headline(summary).verdict);
  EXPECT_TRUE(json["noise_floor"].is_null());
  EXPECT_EQ(json["methods"][2]["cost"]["runs"], 4);
  EXPECT_TRUE(json["methods"][2]["cost"]["train_flops"].is_null()) << "not on record";
}

TEST(SummaryJson, WhatHasNoValueIsNull) {
  const auto json =
      nlohmann::json::parse(to_json(summarize(imagined_study(1), {.threshold = 1e-9})));
  EXPECT_TRUE(json["methods"][0]["final_loss"]["sd"].is_null());
  EXPECT_TRUE(json["methods"][0]["final_loss"]["interval_95"].is_null());
  EXPECT_TRUE(json["methods"][0]["steps_to_threshold"]["mean"].is_null());
  EXPECT_TRUE(json["methods"][0]["steps_to_threshold"]["by_seed"][0].is_null());
  EXPECT_TRUE(json["pairs"][0]["final_loss"]["p_value"].is_null());
  EXPECT_TRUE(json["pairs"][0]["final_loss"]["pairs_needed"].is_null());
}

TEST(SummaryTable, FitsTheWidth) {
  const StudySummary summary = summarize(imagined_study(3));
  for (const std::size_t width : {60u, 80u, 100u, 200u}) {
    EXPECT_LE(widest_line(to_table(summary, {.width = width})), width);
  }
}

TEST(SummaryTable, SaysWhatWasFound) {
  StudySummary summary = summarize(imagined_study(3));
  summary.left_out = {"random seed 9: unfinished, 10 of 600 steps"};
  const std::string table = to_table(summary);
  EXPECT_THAT(table, HasSubstr("lego: 3 methods, 3 training skills, 600 steps"));
  EXPECT_THAT(table, HasSubstr("steps to 0.1"));
  EXPECT_THAT(table, HasSubstr("Final loss and accuracy by skill"));
  EXPECT_THAT(table, HasSubstr("skillit against stratified\n"));
  EXPECT_THAT(table, HasSubstr("\nVerdict\n"));
  EXPECT_THAT(table, HasSubstr("after Holm's correction for the 3 pairs within one measure"));
  EXPECT_THAT(table, HasSubstr("of 3 with skillit, sign test p = "));
  EXPECT_THAT(table, HasSubstr("skillit reaches the final loss of random after "));
  EXPECT_THAT(table, HasSubstr("Mixture of skillit over 10 rounds"));
  EXPECT_THAT(table, HasSubstr("left out: random seed 9: unfinished, 10 of 600 steps"));
  EXPECT_THAT(table, Not(HasSubstr("One seed")));
  EXPECT_THAT(table, Not(HasSubstr("\033"))) << "no escapes unless asked for";
  EXPECT_THAT(to_table(summary, {.color = true}), HasSubstr("\033[1mResults\033[0m"));
}

TEST(SummaryTable, SkillsThatEndEqualAreSaidAndWithoutACommonSeedNoneIs) {
  const auto same = [](const char* method, std::uint64_t seed) {
    return testing::small_run(method, seed, {{1, 1}, {1, 1}, {0.5, 0.5}});
  };
  EXPECT_THAT(to_table(summarize(std::vector<RunRecord>{same("random", 0), same("skillit", 0)})),
              HasSubstr("0 of 2 with skillit (2 equal), sign test p = 1"));
  EXPECT_THAT(to_table(summarize(std::vector<RunRecord>{same("random", 0), same("skillit", 1)})),
              Not(HasSubstr("skills that end lower")));
}

TEST(SummaryTable, SkillsThatAreLeftWithNextToNothingAreCounted) {
  StudySummary summary = summarize(imagined_study(3));
  auto& path = summary.methods[2].mixture_path;
  path.back() = {0.04, 0.48, 0.48};  // A tenth of an equal share is 0.0333.
  EXPECT_THAT(to_table(summary), Not(HasSubstr("equal share")));
  path.back() = {0.03, 0.94, 0.03};
  EXPECT_THAT(to_table(summary), HasSubstr("2 of 3 skills end with less than a tenth of an equal"));
  path.front() = {0, 0.5, 0.5};  // That one never had any.
  EXPECT_THAT(to_table(summary), HasSubstr("1 of 3 skills end with less than a tenth of an equal"));
}

TEST(SummaryTable, OneSeedHasNoIntervalAndSaysSo) {
  const std::string table = to_table(summarize(imagined_study(1), {.threshold = 1e-9}));
  EXPECT_THAT(table,
              HasSubstr("One seed gives no\ninterval and concludes nothing about other seeds."));
  EXPECT_THAT(table, HasSubstr("in the only pair; no interval"));
  EXPECT_THAT(table, HasSubstr("never"));
  EXPECT_THAT(table, HasSubstr("nothing to compare: in the only pair one never got there"));
}

TEST(SummaryTable, SeedsWithoutAValueAreCounted) {
  auto runs = imagined_study(3);
  runs[2].evaluations.back().losses.values[0] = NAN;  // skillit, seed 0
  for (auto& evaluation : runs[5].evaluations) {      // skillit, seed 1
    for (double& loss : evaluation.losses.values) loss += 1;
  }
  const std::string table = to_table(summarize(runs), {.width = 160});
  EXPECT_THAT(table, HasSubstr("] of 2 seeds"));
  EXPECT_THAT(table, HasSubstr("reached by 2 of 3"));
  EXPECT_THAT(
      table,
      HasSubstr("Not counted\n  skillit seed 0: a skill has no finite loss after the last step"));
}

TEST(SvgChart, ShowsEveryMethodSeedSkillAndMovingMixture) {
  const std::string svg = to_svg(imagined_study(3));
  EXPECT_EQ(svg.rfind("<svg xmlns=\"http://www.w3.org/2000/svg\"", 0), 0u);
  EXPECT_EQ(svg.substr(svg.size() - 7), "</svg>\n");
  EXPECT_EQ(occurrences(svg, "<text"), occurrences(svg, "</text>"));
  // Four panels of curves, in each 3 methods with 3 seeds and their mean.
  EXPECT_EQ(occurrences(svg, "<polyline"), 4u * 3 * 4);
  // The ground, and 10 rounds of 3 skills of the one method that changes its mixture.
  EXPECT_EQ(occurrences(svg, "<rect"), 1u + 30);
  for (const char* text :
       {"random (3 seeds)", "stratified (3 seeds)", "skillit (3 seeds)", "Loss of skill 3",
        "Mixture of skillit", "threshold 0.1", "training steps", "skill 3 58%"}) {
    EXPECT_THAT(svg, HasSubstr(text));
  }
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
  EXPECT_THAT(svg, Not(HasSubstr(">-0")));
}

TEST(SvgChart, NamesTheRunsThatAreNotCounted) {
  auto runs = imagined_study(2);
  runs[0].finished = false;
  EXPECT_THAT(to_svg(runs), HasSubstr("Not counted: random seed 0: unfinished"));
}

TEST(SvgChart, NamesAreEscaped) {
  auto runs = imagined_study(1);
  for (auto& run : runs) run.manifest.study = "a<b & \"c\"\n";
  const std::string svg = to_svg(runs);
  EXPECT_THAT(svg, HasSubstr("a&lt;b &amp; &quot;c&quot;</text>"));
  EXPECT_THAT(svg, Not(HasSubstr("a<b")));
}

TEST(SvgChart, SurvivesOddStudies) {
  auto runs = testing::imagined_study(2);
  for (auto& run : runs) {
    for (auto& evaluation : run.evaluations) evaluation.losses.values = {NAN, 0, INFINITY};
    run.rounds.clear();
  }
  EXPECT_THAT(to_svg(runs), Not(HasSubstr("nan")));
  runs.resize(1);
  runs[0].finished = false;
  EXPECT_THROW((void)to_svg(runs), Error);
}

TEST(SvgChart, ManySkillsAndMethodsKeepInsideThePicture) {
  std::vector<RunRecord> runs;
  for (int method = 0; method < 9; ++method) {
    RunRecord run = testing::imagined_run("skillit", 1, 0);
    run.manifest.method = "skillit:eta=0." + std::to_string(method);
    runs.push_back(run);
  }
  const std::string svg = to_svg(runs);
  EXPECT_THAT(svg, HasSubstr("stroke-dasharray=\"6 3\""))
      << "the eighth method has the first colour, dashed";
  EXPECT_EQ(occurrences(svg, "Mixture of skillit:eta=0."), 9u);
}

}  // namespace
}  // namespace skillit
