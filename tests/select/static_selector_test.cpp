#include "skillit/select/static_selector.h"

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

Mixture first(const std::string& spec, const SelectorInputs& inputs) {
  return make_selector(spec, inputs)->next({});
}

TEST(StaticSelector, is_the_mixture_that_skillit_begins_with_and_stays_there) {
  auto inputs = inputs_for(lego_graph());
  inputs.prior = {1, 1, 1, 3, 5};
  for (const std::string options : {"eta=0.5", "eta=0.5,diagonal=one"}) {
    const auto fixed = make_selector("static:" + options, inputs);
    const Mixture start = fixed->next({});
    EXPECT_EQ(start, first("skillit:" + options, inputs));
    EXPECT_EQ(start, fixed->next(LossHistory{lego_losses(), {0}}));
  }
}

// Rows (1, .2) and (.5, 0) sum to 1.2 and .5; with 1 on the diagonal to 1.2 and 1.5.
TEST(StaticSelector, diagonal_one_sets_only_a_skill_s_weight_on_itself) {
  const SkillGraph graph(SkillSet({"a", "b"}), SkillSet({"a", "b"}), {1, .2, .5, 0});
  const double kept = 1 / (1 + std::exp(-.7));
  expect_near(first("static:eta=1", inputs_for(graph)), {kept, 1 - kept}, 1e-15);
  const double one = 1 / (1 + std::exp(.3));
  expect_near(first("static:eta=1,diagonal=one", inputs_for(graph)), {one, 1 - one}, 1e-15);
}

TEST(StaticSelector, diagonal_one_leaves_unrelated_rows_and_columns_alone) {
  const SkillGraph unrelated(SkillSet({"a", "b"}), SkillSet({"x", "y"}), {1, .2, .5, 0});
  EXPECT_EQ(first("static:diagonal=one", inputs_for(unrelated)),
            first("static", inputs_for(unrelated)));
}

TEST(StaticSelector, takes_given_shares_with_no_graph) {
  SelectorInputs inputs;
  inputs.train_skills = numbered_skills(3);
  expect_near(first("static:shares=1/3/5", inputs), {1. / 9, 3. / 9, 5. / 9}, 1e-15);
  EXPECT_THAT(message_of([&] { (void)first("static", inputs); }), HasSubstr("graph or shares"));
  EXPECT_THAT(message_of([&] { (void)first("static:shares=1/3", inputs); }),
              HasSubstr("2 given, 3 expected"));
}

}  // namespace
}  // namespace skillit
