#include "skillit/report/pair_summary.h"

#include <gmock/gmock.h>

#include <cmath>

#include "skillit/base/error.h"
#include "study_fixture.h"
#include "tests/support/expect_error.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;
using testing::expect_error;
using testing::small_run;

/// One skill twice, so that the mean loss is the loss.
RunRecord run_of(const std::string& method, std::uint64_t seed, double middle, double last) {
  return small_run(method, seed, {{1, 1}, {middle, middle}, {last, last}});
}

TEST(DataEfficiency, IsTheFirstStepAtTheRivalsFinalLossOnTheSameSeed) {
  const StudySummary summary = summarize(
      std::vector<RunRecord>{run_of("random", 0, 0.8, 0.5), run_of("random", 1, 0.7, 0.4),
                             run_of("random", 2, 0.6, 0.1), run_of("skillit", 0, 0.5, 0.3),
                             run_of("skillit", 1, 0.5, 0.4), run_of("skillit", 2, 0.4, 0.2)});
  const PairSummary& pair = summary.pairs.at(0);
  // Seed 0: .5 is there at step 10; seed 1: .4 at 20; seed 2: .1 never.
  EXPECT_THAT(pair.first_reaches.by_seed, ElementsAre(10, 20, INFINITY));
  EXPECT_EQ(pair.first_reaches.steps.median, 20);
  EXPECT_EQ(pair.first_reaches.steps.coverage, 0.75);
  EXPECT_THAT(pair.second_reaches.by_seed, ElementsAre(INFINITY, 20, 20));
  EXPECT_EQ(pair.first_reaches.flops_ratio.n, 0u) << "no unit costs on record";
}

TEST(DataEfficiency, InOperationsTheGraphAndTheEvaluationsCount) {
  RunRecord random = run_of("random", 0, 0.8, 0.5), skillit = run_of("skillit", 0, 0.5, 0.3);
  for (RunRecord* run : {&random, &skillit}) {
    for (std::uint64_t step = 1; step <= 20; ++step)
      run->steps.push_back({.step = step, .tokens = 5});
    run->manifest.costs = UnitCosts{10, 0, 100, 0};
  }
  skillit.manifest.costs->graph_flops = 350;
  const StudySummary summary = summarize(std::vector<RunRecord>{random, skillit});
  // Random: 20 x 5 x 10 + 3 x 100 = 1300. Skillit at step 10: 500 + 2 x 100 + 350 = 1050.
  const StepsToRival& reach = summary.pairs.at(0).first_reaches;
  ASSERT_EQ(reach.flops_ratio.n, 1u);
  EXPECT_DOUBLE_EQ(reach.flops_ratio.median, 1050.0 / 1300);
  EXPECT_EQ(summary.pairs[0].second_reaches.flops_ratio.median, INFINITY);
  skillit.manifest.costs->sample_losses_flops = 400;  // Before training: whole at any step.
  EXPECT_DOUBLE_EQ(
      summarize(std::vector<RunRecord>{random, skillit}).pairs[0].first_reaches.flops_ratio.median,
      1450.0 / 1300);
  skillit.manifest.costs->graph_flops = std::nullopt;
  EXPECT_EQ(summarize(std::vector<RunRecord>{random, skillit}).pairs[0].first_reaches.flops_ratio.n,
            0u)
      << "what a graph took is never guessed";
}

TEST(SkillSigns, CountTheSkillsByTheirMeanDifference) {
  const StudySummary summary =
      summarize(std::vector<RunRecord>{small_run("random", 0, {{1, 1}, {1, 1}, {0.5, 0.5}}),
                                       small_run("random", 1, {{1, 1}, {1, 1}, {0.5, 0.5}}),
                                       small_run("skillit", 0, {{1, 1}, {1, 1}, {0.2, 0.4}}),
                                       small_run("skillit", 1, {{1, 1}, {1, 1}, {0.2, 0.9}})});
  const SkillSigns& signs = summary.pairs.at(0).skills;
  EXPECT_EQ(signs.first_lower, 1u);
  EXPECT_EQ(signs.second_lower, 1u);
  EXPECT_EQ(signs.equal, 0u);
  EXPECT_EQ(signs.p_value, 1);
}

TEST(NoiseFloor, PoolsTheSpreadOfRepeats) {
  // Seed 0: .2 and .4 (squares .02); seed 1: .5 and .5 (0); of skillit three: .1 .2 .3 (.02).
  const StudySummary summary = summarize(std::vector<RunRecord>{
      run_of("random", 0, 1, 0.2), run_of("random#2", 0, 1, 0.4), run_of("random", 1, 1, 0.5),
      run_of("random#2", 1, 1, 0.5), run_of("skillit", 0, 1, 0.1), run_of("skillit#2", 0, 1, 0.2),
      run_of("skillit#3", 0, 1, 0.3)});
  ASSERT_TRUE(summary.noise_floor.has_value());
  EXPECT_EQ(summary.noise_floor->degrees, 4u);
  EXPECT_NEAR(summary.noise_floor->sd, 0.1, 1e-12);  // sqrt(.04 / 4)
  EXPECT_NEAR(summary.noise_floor->reach(8), 2.77644510519779436 * 0.1 * 0.5, 1e-9);
}

TEST(NoiseFloor, NeedsRepeats) {
  const auto runs = testing::imagined_study(2);
  EXPECT_FALSE(summarize(runs).noise_floor.has_value());
}

TEST(Comparisons, RepeatsAreComparedWithOneAnotherOnlyAndNotCounted) {
  std::vector<RunRecord> runs;
  const double noise[] = {0.00, 0.01, 0.03};
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    runs.push_back(run_of("a", seed, 1, 0.5));
    runs.push_back(run_of("b", seed, 1, 0.4 + noise[seed]));
    runs.push_back(run_of("b#2", seed, 1, 0.4 - noise[seed]));
    runs.push_back(run_of("c", seed, 1, 0.2 - 2 * noise[seed]));
  }
  const StudySummary summary = summarize(runs);
  ASSERT_EQ(summary.pairs.size(), 4u) << "b-a, b#2-b, c-a, c-b";
  EXPECT_EQ(summary.pairs[1].first, "b#2");
  EXPECT_EQ(summary.pairs[1].second, "b");
  EXPECT_TRUE(summary.pairs[1].is_repeat);
  EXPECT_FALSE(summary.pairs[1].final_loss.holm_p.has_value());
  double lowest = 1, lowest_corrected = 1;
  for (const PairSummary& pair : summary.pairs) {
    if (pair.is_repeat) continue;
    lowest = std::min(lowest, pair.final_loss.p_value);
    lowest_corrected = std::min(lowest_corrected, *pair.final_loss.holm_p);
  }
  EXPECT_DOUBLE_EQ(lowest_corrected, 3 * lowest);
}

TEST(Comparisons, AgainstOneMethodThereAreFewer) {
  const auto runs = testing::imagined_study(3);
  const StudySummary summary = summarize(runs, {.against = "stratified"});
  ASSERT_EQ(summary.pairs.size(), 2u);
  for (const PairSummary& pair : summary.pairs) EXPECT_EQ(pair.second, "stratified");
  EXPECT_EQ(summary.pairs[0].first, "random");
  EXPECT_EQ(summary.pairs[1].first, "skillit");
  expect_error(ErrorCode::kNotFound, {"stratifed", "did you mean 'stratified'"},
               [&] { (void)summarize(runs, {.against = "stratifed"}); });
}

}  // namespace
}  // namespace skillit
