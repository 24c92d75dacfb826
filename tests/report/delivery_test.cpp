#include "skillit/report/delivery.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "skillit/report/summary_json.h"
#include "skillit/report/summary_table.h"
#include "study_fixture.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::small_run;

RunRecord delivered_run(std::uint64_t seed, double asked, std::uint64_t second) {
  RunRecord run = small_run("skillit", seed, {{1, 1}, {1, 1}, {0.5, 0.5}});
  RoundRecord& last = run.rounds.back();
  last.asked = {asked, 100 - asked};
  last.delivered = {100 - second, second};
  last.skill_tokens = {1000, 30 * second};
  last.epochs = {0.5, 0.01 * static_cast<double>(second)};
  last.spent = {1};
  return run;
}

TEST(Delivery, HandWorkedCase) {
  const RunRecord first = delivered_run(0, 40.5, 60);    // Off by .5.
  const RunRecord second = delivered_run(1, 42.25, 58);  // Off by .25.
  const RunRecord old = small_run("skillit", 2, {{1, 1}, {1, 1}, {0.5, 0.5}});
  const std::vector<const RunRecord*> runs = {&first, &second, &old};
  const Delivery delivery = summarize_delivery(runs);
  EXPECT_EQ(delivery.runs, 2U);
  EXPECT_EQ(delivery.samples, 100);
  EXPECT_EQ(delivery.tokens, 1000 + 30 * 59);
  EXPECT_DOUBLE_EQ(delivery.most_off, 0.5);
  EXPECT_DOUBLE_EQ(delivery.most_epochs, 0.6);
  EXPECT_EQ(delivery.most_epochs_skill, 1U);
  EXPECT_THAT(delivery.samples_of, ::testing::ElementsAre(41, 59));
  EXPECT_THAT(delivery.runs_spent, ::testing::ElementsAre(0, 2));
  EXPECT_EQ(most_off_text(delivery, {"a", "b"}), "0.5 samples (a)");
  EXPECT_EQ(most_epochs_text(delivery, {"a", "b"}), "0.6 (b)");
}

TEST(Delivery, SharesOfTokensAreComparedInTokens) {
  RunRecord run = delivered_run(0, 40, 60);
  run.rounds.back().asked = {1010, 1790};
  run.rounds.back().asked_in_tokens = true;
  const std::vector<const RunRecord*> runs = {&run};
  EXPECT_DOUBLE_EQ(summarize_delivery(runs).most_off, 10);
  EXPECT_EQ(most_off_text(summarize_delivery(runs), {"a", "b"}), "10 tokens (a)");
}

TEST(Delivery, StandsInTheTableAndTheJsonWithRunsThatEndedEarly) {
  RunRecord run = delivered_run(0, 40.5, 60);
  run.rounds.back().ended = true;
  const StudySummary summary = summarize(std::vector{run});
  const std::string table = to_table(summary);
  EXPECT_THAT(table, HasSubstr("Data delivered"));
  EXPECT_THAT(table, HasSubstr("0.5 samples (a)"));
  EXPECT_THAT(table, HasSubstr("skillit seed 0 after 20 of 20 steps: its data were spent"));
  const auto json = nlohmann::json::parse(to_json(summary))["methods"][0]["delivery"];
  EXPECT_EQ(json["skills"]["b"]["tokens"], 1800);
  EXPECT_EQ(json["asked_in"], "samples");
}

TEST(Delivery, OfOlderRecordsNothingIsSaid) {
  const auto runs = std::vector{small_run("skillit", 2, {{1, 1}, {1, 1}, {0.5, 0.5}})};
  const StudySummary summary = summarize(runs);
  EXPECT_THAT(to_table(summary), Not(HasSubstr("Data delivered")));
  EXPECT_TRUE(nlohmann::json::parse(to_json(summary))["methods"][0]["delivery"].is_null());
}

}  // namespace
}  // namespace skillit
