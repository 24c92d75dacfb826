#include "skillit/report/study_summary.h"

#include <gmock/gmock.h>

#include <cmath>

#include "skillit/base/error.h"
#include "skillit/report/study_runs.h"
#include "study_fixture.h"

namespace skillit {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::small_run;

/// Two methods on seeds 0, 1, 2; mean losses at steps 0, 10, 20 are (1, x, y).
std::vector<RunRecord> small_study() {
  return {
      small_run("random", 0, {{1, 1}, {0.6, 0.8}, {0.3, 0.5}}),   // 1, .7, .4
      small_run("random", 1, {{1, 1}, {0.6, 0.6}, {0.4, 0.6}}),   // 1, .6, .5
      small_run("random", 2, {{1, 1}, {0.9, 0.9}, {0.6, 0.6}}),   // 1, .9, .6
      small_run("skillit", 2, {{1, 1}, {0.5, 0.5}, {0.2, 0.4}}),  // 1, .5, .3
      small_run("skillit", 1, {{1, 1}, {0.3, 0.5}, {0.3, 0.3}}),  // 1, .4, .3
      small_run("skillit", 0, {{1, 1}, {0.2, 0.4}, {0.2, 0.4}}),  // 1, .3, .3
  };
}

TEST(StudySummary, MethodsByHand) {
  const StudySummary summary = summarize(small_study(), {.threshold = 0.5});
  EXPECT_EQ(summary.study, "small");
  EXPECT_EQ(summary.steps, 20u);
  ASSERT_EQ(summary.methods.size(), 2u);
  const MethodSummary& random = summary.methods[0];
  EXPECT_EQ(random.method, "random");
  EXPECT_THAT(random.seeds, ElementsAre(0, 1, 2));
  EXPECT_THAT(random.final_loss.by_seed,
              ElementsAre(DoubleNear(0.4, 1e-12), DoubleNear(0.5, 1e-12), DoubleNear(0.6, 1e-12)));
  EXPECT_NEAR(random.final_loss.estimate.mean, 0.5, 1e-12);
  EXPECT_NEAR(random.final_loss.estimate.sd, 0.1, 1e-12);
  // (10 (1 + .7) / 2 + 10 (.7 + .4) / 2) / 20 = .7; (8 + 5.5) / 20 = .675; (9.5 + 7.5) / 20 = .85.
  EXPECT_THAT(
      random.loss_area.by_seed,
      ElementsAre(DoubleNear(0.7, 1e-12), DoubleNear(0.675, 1e-12), DoubleNear(0.85, 1e-12)));
  EXPECT_THAT(random.steps_to_threshold.by_seed, ElementsAre(20, 20, ::testing::IsNan()));
  EXPECT_EQ(random.steps_to_threshold.estimate.n, 2u);
  EXPECT_NEAR(random.skill_losses[0].mean, (0.3 + 0.4 + 0.6) / 3, 1e-12);
  EXPECT_EQ(random.skill_accuracies[0].n, 0u) << "not measured";
  EXPECT_THAT(random.mixture_path, ElementsAre(ElementsAre(0.5, 0.5), ElementsAre(0.25, 0.75)));
  EXPECT_THAT(summary.methods[1].seeds, ElementsAre(0, 1, 2))
      << "sorted, whatever order the runs came in";
  EXPECT_THAT(summary.methods[1].steps_to_threshold.by_seed, ElementsAre(10, 10, 10));
}

TEST(StudySummary, PairsByHand) {
  const StudySummary summary = summarize(small_study(), {.threshold = 0.5});
  ASSERT_EQ(summary.pairs.size(), 1u);
  const PairSummary& pair = summary.pairs[0];
  EXPECT_EQ(pair.first, "skillit");
  EXPECT_EQ(pair.second, "random");
  EXPECT_THAT(pair.common_seeds, ElementsAre(0, 1, 2));
  // By seed .3 - .4, .3 - .5, .3 - .6: mean -.2, sd .1.
  EXPECT_NEAR(pair.final_loss.difference.mean, -0.2, 1e-12);
  EXPECT_NEAR(pair.final_loss.difference.sd, 0.1, 1e-12);
  EXPECT_NEAR(pair.final_loss.difference.high, -0.2 + 4.302652729749464 * 0.1 / std::sqrt(3.0),
              1e-9);
  EXPECT_EQ(pair.steps_to_threshold.difference.n, 2u) << "only the pairs in which both got there";
  EXPECT_EQ(pair.steps_to_threshold.difference.mean, -10);
}

TEST(StudySummary, OnlyCommonSeedsArePaired) {
  auto runs = small_study();
  runs.erase(runs.begin() + 1);  // random, seed 1
  runs.pop_back();               // skillit, seed 0
  const StudySummary summary = summarize(runs);
  EXPECT_THAT(summary.pairs[0].common_seeds, ElementsAre(2));
  EXPECT_EQ(summary.pairs[0].final_loss.difference.n, 1u);
}

TEST(StudySummary, RunsThatCannotBeComparedAreLeftOutByName) {
  auto runs = small_study();
  RunRecord unfinished = small_run("random", 3, {{1, 1}, {0.5, 0.5}});
  unfinished.finished = false;
  RunRecord longer = small_run("random", 4, {{1, 1}});
  longer.manifest.steps = 40;
  RunRecord other_skills = small_run("random", 5, {{1, 1}});
  other_skills.manifest.eval_skills = {"a", "c"};
  RunRecord other_training = small_run("random", 6, {{1, 1}});
  other_training.manifest.train_skills = {"a", "c"};
  RunRecord other_data = small_run("static", 0, {{1, 1}});
  other_data.manifest.fingerprints["data"] = "e";
  for (const auto& run : {unfinished, longer, other_skills, other_training, other_data, runs[0]})
    runs.push_back(run);
  const StudySummary summary = summarize(runs);
  EXPECT_THAT(
      summary.left_out,
      ElementsAre("random seed 3: unfinished, 10 of 20 steps",
                  "random seed 4: trained for 40 steps, the others for 20",
                  "random seed 5: has other evaluation skills",
                  "random seed 6: has other training skills",
                  "static seed 0: has another data than random", "random seed 0: is there twice"));
  EXPECT_EQ(summary.methods.size(), 2u);
  EXPECT_EQ(summary.methods[0].seeds.size(), 3u);
}

TEST(StudySummary, SeedsMayHaveDataOfTheirOwn) {
  auto runs = small_study();
  for (auto& run : runs) run.manifest.fingerprints["data"] = std::to_string(run.manifest.seed);
  EXPECT_THAT(summarize(runs).left_out, IsEmpty());
}

TEST(StudySummary, ALossThatIsNotFiniteIsNeverAveragedIn) {
  auto runs = small_study();
  runs[0].evaluations[2].losses.values[1] = NAN;       // random, seed 0, at the end
  runs[4].evaluations[1].losses.values[0] = INFINITY;  // skillit, seed 1, on the way
  const StudySummary summary = summarize(runs);
  EXPECT_EQ(summary.methods[0].final_loss.estimate.n, 2u);
  EXPECT_NEAR(summary.methods[0].final_loss.estimate.mean, 0.55, 1e-12);
  EXPECT_EQ(summary.methods[0].skill_losses[0].n, 3u) << "the other skill was measured";
  EXPECT_EQ(summary.methods[1].final_loss.estimate.n, 3u);
  EXPECT_EQ(summary.methods[1].loss_area.estimate.n, 2u);
  EXPECT_EQ(summary.pairs[0].final_loss.difference.n, 2u);
  EXPECT_THAT(
      summary.notes,
      ElementsAre(HasSubstr("random seed 0: a skill has no finite loss after the last step"),
                  HasSubstr("skillit seed 1: a skill has no finite loss in some evaluation")));
}

TEST(StudySummary, WithoutAFinishedRunSaysWhatThereIs) {
  RunRecord run = small_run("random", 3, {{1, 1}});
  run.finished = false;
  try {
    (void)summarize(std::vector<RunRecord>{run});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadArgument);
    EXPECT_THAT(
        error.what(),
        HasSubstr("no finished run to summarize: random seed 3: unfinished, 0 of 20 steps"));
  }
  EXPECT_THROW((void)summarize({}), Error);
}

TEST(StudyRuns, CurvesAreAveragedAtTheStepsTheyShare) {
  const std::vector<Curve> curves = {{.steps = {0, 10, 20}, .values = {1, 2, 3}},
                                     {.steps = {0, 20}, .values = {3, 5}}};
  const Curve result = mean_of_curves(curves);
  EXPECT_THAT(result.steps, ElementsAre(0, 20));
  EXPECT_THAT(result.values, ElementsAre(2, 4));
}

TEST(StudyRuns, APathThatReturnsStillChanges) {
  EXPECT_TRUE(mixture_moves({{0.5, 0.5}, {0.4, 0.6}, {0.5, 0.5}}));
  EXPECT_FALSE(mixture_moves({{0.5, 0.5}, {0.5, 0.5}}));
  EXPECT_FALSE(mixture_moves({}));
}

}  // namespace
}  // namespace skillit
