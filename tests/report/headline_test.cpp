#include "skillit/report/headline.h"

#include <gmock/gmock.h>

#include <cmath>

#include "study_fixture.h"

namespace skillit {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::small_run;

/// A method whose final loss by seed is as given; at the middle it is one higher.
void add(std::vector<RunRecord>& runs, const std::string& method, const std::vector<double>& last) {
  for (std::size_t seed = 0; seed < last.size(); ++seed) {
    const double y = last[seed];
    runs.push_back(small_run(method, seed, {{3, 3}, {y + 1, y + 1}, {y, y}}));
  }
}

TEST(Headline, NamesTheMethodThatIsBelowAllOthers) {
  std::vector<RunRecord> runs;
  add(runs, "random", {0.51, 0.52, 0.53, 0.54});
  add(runs, "stratified", {0.41, 0.40, 0.43, 0.42});
  add(runs, "skillit", {0.11, 0.10, 0.11, 0.12});
  const Headline found = headline(summarize(runs));
  EXPECT_EQ(found.verdict, "skillit ends with a lower loss than random and stratified.");
  // Against stratified: -.3, -.3, -.32, -.3: mean .305, sd .01, t(.975, 3) = 3.182446: +- .0159.
  EXPECT_THAT(found.details[0],
              HasSubstr("Over 4 seeds the final loss of skillit is 0.305 lower than that of "
                        "stratified on average (95 % interval 0.289 to 0.321; p = "));
  EXPECT_THAT(found.details[0], HasSubstr("after correction for 3 comparisons)."));
  EXPECT_THAT(found.details[1], HasSubstr("0.415 lower than that of random"));
  EXPECT_THAT(found.details[2],
              HasSubstr("skillit reaches the final loss of stratified after 20 of 20 steps (median "
                        "of 4 seeds; they range from 20 to 20)."));
}

TEST(Headline, SaysAgainstWhomNothingIsShown) {
  std::vector<RunRecord> runs;
  add(runs, "random", {0.51, 0.52, 0.53, 0.54});
  add(runs, "stratified", {0.13, 0.09, 0.11, 0.12});
  add(runs, "skillit", {0.11, 0.10, 0.11, 0.12});
  EXPECT_EQ(
      headline(summarize(runs)).verdict,
      "skillit ends with a lower loss than random; against stratified no difference is shown.");
}

TEST(Headline, RunsThatEndAboveTheirBestAreSaidTo) {
  // At the middle "alone" is at .25, .375, .5 and "mixed" at .25, .25, .25: mixed - alone is 0,
  // -.125, -.25: mean -.125, sd .125, t(.975, 2) = 4.302653: +- .3105. At the end they differ
  // beyond chance.
  std::vector<RunRecord> runs;
  for (std::size_t seed = 0; seed < 3; ++seed) {
    const double y = 0.01 * static_cast<double>(seed),
                 low = 0.25 + 0.125 * static_cast<double>(seed);
    runs.push_back(small_run("alone", seed, {{3, 3}, {low, low}, {2 + y, 2 + y}}));
    runs.push_back(small_run("mixed", seed, {{3, 3}, {0.25, 0.25}, {1, 1}}));
  }
  const StudySummary summary = summarize(runs);
  EXPECT_EQ(summary.methods[0].best_loss.by_seed[1], 0.375);
  EXPECT_EQ(summary.methods[0].best_step.by_seed[1], 10);
  const Headline found = headline(summary);
  EXPECT_EQ(found.verdict, "mixed ends with a lower loss than alone.");
  EXPECT_THAT(found.details,
              Contains("Runs end above their best: alone ends at 2.01, but was at 0.375 after "
                       "about 10 of 20 steps; where each run is best, mixed - alone is -0.125 "
                       "[-0.436, 0.186]."));
}

TEST(Headline, AnEndNearTheBestIsNoOverfitting) {
  std::vector<RunRecord> runs;
  for (std::size_t seed = 0; seed < 3; ++seed) {
    const double y = 0.01 * static_cast<double>(seed);
    runs.push_back(small_run("a", seed, {{3, 3}, {1, 1}, {1.05 + y, 1.05}}));
    runs.push_back(small_run("b", seed, {{3, 3}, {2, 2}, {2.1, 2.1}}));
  }
  EXPECT_THAT(headline(summarize(runs)).details, Not(Contains(HasSubstr("Runs end above"))));
}

TEST(Headline, ADifferenceInsideItsIntervalIsNoneAndSaysWhatWouldShowIt) {
  std::vector<RunRecord> runs;
  add(runs, "random", {1, 1, 1});
  add(runs, "skillit", {0.9, 0.8, 1.1});
  const Headline found = headline(summarize(runs));
  EXPECT_EQ(
      found.verdict,
      "No method is shown to end with a lower loss than another: with 3 seeds every difference "
      "is within what chance could do.");
  EXPECT_THAT(found.details,
              ElementsAre(HasSubstr("Nearest to a difference are skillit and random: -0.0667 on "
                                    "average, 95 % interval -0.446 to 0.313; if these are the "
                                    "true difference and spread, 41 more seeds would show it four "
                                    "times in five.")));
}

TEST(Headline, AmongManyComparisonsALuckyOneIsNotClaimed) {
  std::vector<RunRecord> runs;
  add(runs, "a", {1.0, 1.0, 1.0, 1.0});
  add(runs, "b", {1.1, 1.2, 1.3, 1.4});
  add(runs, "c", {1.1, 0.7, 1.4, 0.9});
  const StudySummary summary = summarize(runs);
  ASSERT_TRUE(summary.pairs[0].final_loss.clear_alone());
  ASSERT_FALSE(summary.pairs[0].final_loss.separated());
  const Headline found = headline(summary);
  EXPECT_THAT(found.verdict, HasSubstr("No method is shown"));
  EXPECT_THAT(found.verdict,
              HasSubstr("with 4 seeds and 3 comparisons every difference is within what chance"));
  EXPECT_THAT(found.details[0],
              HasSubstr("alone it would count, but not among this many comparisons"));
}

TEST(Headline, OneSeedConcludesNothing) {
  const auto runs = testing::imagined_study(1);
  EXPECT_THAT(headline(summarize(runs)).verdict, HasSubstr("nothing can be concluded"));
}

TEST(Headline, OneMethodIsNotCompared) {
  std::vector<RunRecord> runs;
  add(runs, "random", {1, 2});
  EXPECT_EQ(headline(summarize(runs)).verdict,
            "There is only one method, random: nothing is compared.");
}

TEST(Headline, RepeatsGiveTheNoiseFloorAndNoVerdict) {
  std::vector<RunRecord> runs;
  add(runs, "random", {1.0, 1.1, 1.2});
  add(runs, "random#2", {1.1, 1.0, 1.3});
  Headline found = headline(summarize(runs));
  EXPECT_THAT(found.verdict, HasSubstr("nothing"));
  add(runs, "skillit", {1.0, 1.2, 1.1});
  found = headline(summarize(runs));
  // Squares 3 x .005, 3 degrees: sd .0707; t(.975, 3) x .0707 x sqrt(2 / 3) = .184.
  EXPECT_THAT(found.details.back(),
              HasSubstr("chance alone moves a mean difference over 3 seeds by "
                        "up to 0.184 in 19 of 20 studies"));
}

TEST(Headline, SaysThatRunsAreNotCounted) {
  std::vector<RunRecord> runs;
  add(runs, "random", {0.51, 0.52, 0.53, 0.54, 0.55});
  add(runs, "skillit", {0.11, 0.10, 0.11, 0.12, 0.11});
  EXPECT_THAT(headline(summarize(runs)).details, Not(Contains(HasSubstr("not counted"))));
  runs.back().finished = false;  // Stopped: it may have diverged.
  runs[runs.size() - 2].evaluations.back().losses.values[0] = NAN;  // Diverged at the end.
  const Headline found = headline(summarize(runs));
  EXPECT_EQ(found.verdict, "skillit ends with a lower loss than random.");
  EXPECT_THAT(found.details[0], HasSubstr("Over 3 seeds"));
  EXPECT_EQ(
      found.details.back(),
      "2 runs are not counted (named below, with the reason); the verdict is about the others.");
}

TEST(Headline, StepsThatWereNotReachedAreSaid) {
  StepsToRival reach;
  reach.by_seed = {300, INFINITY, 100};
  reach.steps = median_estimate(reach.by_seed);
  EXPECT_EQ(
      steps_to_rival_text(reach, "random", 600),
      "reaches the final loss of random after 300 of 600 steps (median of 3 seeds; they range "
      "from 100 to beyond the budget; in 1 of 3 seeds not within the budget)");
  reach.by_seed = {INFINITY, INFINITY, 100};
  reach.steps = median_estimate(reach.by_seed);
  EXPECT_EQ(steps_to_rival_text(reach, "random", 600),
            "does not reach the final loss of random within its 600 steps in 2 of 3 seeds");
  reach.by_seed = {1, 2, 3, 4, 5, 6};
  reach.steps = median_estimate(reach.by_seed);
  EXPECT_THAT(steps_to_rival_text(reach, "random", 600), HasSubstr("95 % interval 1 to 6)"));
}

}  // namespace
}  // namespace skillit
