#include "skillit/report/run_cost.h"

#include <gmock/gmock.h>

#include "skillit/report/summary_table.h"
#include "study_fixture.h"

namespace skillit {
namespace {

TEST(RunCost, ByHand) {
  RunRecord run = testing::small_run("skillit", 0, {{1, 1}, {1, 1}, {1, 1}});
  run.steps = {{.step = 1, .scored_tokens = 2, .tokens = 10},
               {.step = 2, .scored_tokens = 3, .tokens = 20}};
  // Round 0 came twice: the first attempt was interrupted, and its time was spent all the same.
  run.timings = {{0, 1, 0.5, 0.25}, {0, 2, 0.5, 0.25}, {1, 4, 1, 0.5}};
  RunCost cost = run_cost(run);
  EXPECT_EQ(cost.tokens, 30u);
  EXPECT_EQ(cost.scored_tokens, 5u);
  EXPECT_EQ(cost.evaluations, 3u);
  EXPECT_EQ(cost.train_seconds, 7);
  EXPECT_EQ(cost.evaluate_seconds, 2);
  EXPECT_EQ(cost.select_seconds, 1);
  EXPECT_FALSE(cost.train_flops.has_value()) << "an older record has no unit costs";

  run.manifest.costs = UnitCosts{100, 1000, 7, std::nullopt};
  cost = run_cost(run);
  EXPECT_EQ(cost.train_flops, 30 * 100 + 5 * 1000);
  EXPECT_EQ(cost.evaluate_flops, 3 * 7);
  EXPECT_FALSE(cost.graph_flops.has_value());

  run.manifest.costs->sample_losses_flops = 500;
  EXPECT_EQ(run_cost(run).evaluate_flops, 3 * 7 + 500);
}

TEST(RunCost, TheTableSaysWhereTheTimeWent) {
  RunRecord run = testing::small_run("skillit", 0, {{1, 1}, {1, 1}, {1, 1}});
  EXPECT_THAT(to_table(summarize(std::vector{run})), ::testing::Not(::testing::HasSubstr("time")));
  run.timings = {{0, 60, 3, 0.015625}, {1, 130, 6.984375, 0}};
  RunRecord other = testing::small_run("skillit", 1, {{1, 1}, {1, 1}, {1, 1}});
  other.timings = run.timings;
  const std::string table = to_table(summarize(std::vector{run, other}));
  EXPECT_THAT(table, ::testing::HasSubstr("Where the time went"));
  EXPECT_THAT(table, ::testing::ContainsRegex("skillit +3 min 20 s +95.0% +5.0% +0.0078%"));
}

}  // namespace
}  // namespace skillit
