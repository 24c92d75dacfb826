#include <gtest/gtest.h>

#include <cmath>

#include "selector_test_helpers.h"

namespace skillit {
namespace {

using testing::expect_near;
using ::testing::HasSubstr;
using testing::inputs_for;
using testing::lego_graph;
using testing::lego_losses;
using testing::message_of;
using testing::numbered_skills;

TEST(StratifiedSelector, gives_every_skill_the_same_share_whatever_the_losses) {
  const auto selector = make_selector("stratified", inputs_for(lego_graph()));
  EXPECT_EQ(selector->next({}), Mixture::uniform(5));
  EXPECT_EQ(selector->next(LossHistory{lego_losses(), {0}}), Mixture::uniform(5));
}

TEST(RandomSelector, prefers_given_shares_then_the_prior_then_the_natural_sizes) {
  SelectorInputs inputs;
  inputs.train_skills = numbered_skills(2);
  EXPECT_THAT(message_of([&] { (void)make_selector("random", inputs); }),
              HasSubstr("random:shares="));
  inputs.natural_sizes = {30, 10};
  expect_near(make_selector("random", inputs)->next({}), {.75, .25}, 1e-15);
  inputs.prior = {1, 4};
  expect_near(make_selector("random", inputs)->next({}), {.2, .8}, 1e-15);
  expect_near(make_selector("random:shares=9/1", inputs)->next({}), {.9, .1}, 1e-15);
  EXPECT_THAT(message_of([&] { (void)make_selector("random:shares=1/3/5", inputs); }),
              HasSubstr("3 given, 2 expected"));
}

// Identity, eta 1, one evaluation (ln 2, 0, 0): weights 2, 1, 1.
TEST(NoGraphSelector, weighs_each_skill_by_its_own_loss_only) {
  SelectorInputs inputs;
  inputs.train_skills = SkillSet({"a", "b", "c"});
  inputs.eval_skills = SkillSet({"c", "a", "b"});
  inputs.graph = SkillGraph(inputs.train_skills, inputs.eval_skills, std::vector<double>(9, 7.0));
  const LossHistory history{{{{0, std::log(2), 0}}}, {0}};
  expect_near(make_selector("no-graph:eta=1", inputs)->next(history), {.5, .25, .25}, 1e-15);
  EXPECT_EQ(make_selector("no-graph:eta=1", inputs)->next({}), Mixture::uniform(3));
}

TEST(NoGraphSelector, is_refused_when_no_training_skill_is_measured) {
  SelectorInputs inputs;
  inputs.train_skills = SkillSet({"a", "b"});
  inputs.eval_skills = SkillSet({"x", "y"});
  EXPECT_THAT(message_of([&] { (void)make_selector("no-graph", inputs); }),
              HasSubstr("no training skill"));
}

}  // namespace
}  // namespace skillit
