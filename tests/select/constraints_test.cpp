#include "skillit/select/constraints.h"

#include <cmath>

#include "selector_test_helpers.h"
#include "skillit/select/share_limits.h"

namespace skillit {
namespace {

using testing::expect_near;
using ::testing::HasSubstr;
using testing::inputs_for;
using testing::least_spec;
using testing::lego_graph;
using testing::lego_losses;
using testing::message_of;
using testing::second_round;
using testing::three_skills;

Mixture next(const std::string& spec, const RoundInputs& round = {}) {
  return make_selector(spec, three_skills())->next(round);
}
std::string refusal(const std::string& spec, const RoundInputs& round = {}) {
  return message_of([&] { (void)next(spec, round); });
}
RoundInputs round_of(std::uint64_t size, std::vector<std::uint64_t> left) {
  RoundInputs round;
  round.size = size;
  round.left = std::move(left);
  return round;
}

// 0.7 (.1, .2, .7) + 0.3 / 3.
TEST(Constraints, explore_gives_a_part_in_equal_shares) {
  expect_near(next("static:shares=1/2/7,explore=0.3"), {.17, .24, .59}, 1e-15);
  EXPECT_EQ(next("static:shares=1/2/7,explore=1"), Mixture::uniform(3));
}

TEST(Constraints, every_method_takes_all_of_them) {
  SelectorInputs inputs = inputs_for(lego_graph());
  inputs.natural_sizes = {1, 1, 1, 1, 96};
  for (const MethodInfo& method : selector_methods()) {
    std::string spec = least_spec(method.name);
    spec += spec.find(':') == std::string::npos ? ":" : ",";
    spec += "explore=0.1,floor=0.15,cap=0.3,max_kl=0.05";
    const Mixture mixture = make_selector(spec, inputs)->next(second_round());
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_GE(mixture[i], .15 - 1e-12) << spec;
      EXPECT_LE(mixture[i], .3 + 1e-12) << spec;
    }
    EXPECT_LE(relative_entropy(mixture, Mixture::uniform(5)), .05 + 1e-12) << spec;
  }
}

TEST(Constraints, without_any_the_mixture_has_the_methods_bits) {
  const auto inputs = inputs_for(lego_graph());
  const LossHistory history{lego_losses(), {0}};
  EXPECT_EQ(make_selector("skillit:eta=0.5,floor=0,cap=1", inputs)->next(history),
            make_selector("skillit:eta=0.5", inputs)->next(history));
}

TEST(Constraints, max_kl_counts_from_the_prior) {
  SelectorInputs inputs = three_skills();
  inputs.prior = {1, 1, 8};
  expect_near(make_selector("static:shares=8/1/1,max_kl=0", inputs)->next({}), {.1, .1, .8}, 2e-8);
}

// 100 samples of the round: skill 3 has 30 left of the 70 wanted; .1 : .2 share the rest.
TEST(Constraints, no_skill_is_asked_for_more_than_it_has_left) {
  expect_near(next("static:shares=1/2/7", round_of(100, {1000, 1000, 30})), {.7 / 3, 1.4 / 3, .3},
              1e-14);
  expect_near(next("static:shares=1/2/7", round_of(100, {1000, 0, 1000})), {.125, 0, .875}, 1e-14);
}

TEST(Constraints, a_floor_gives_way_to_what_is_left) {
  expect_near(next("static:shares=1/2/7,floor=0.2", round_of(100, {10, 1000, 1000})), {.1, .2, .7},
              1e-14);
}

TEST(Constraints, a_round_longer_than_all_that_is_left_uses_it_up) {
  expect_near(next("stratified", round_of(100, {10, 20, 50})), {.125, .25, .625}, 1e-15);
}

TEST(Constraints, a_skill_without_samples_gets_no_floor) {
  SelectorInputs inputs = three_skills();
  inputs.natural_sizes = {10, 0, 10};
  expect_near(make_selector("random:floor=0.3", inputs)->next({}), {.5, 0, .5}, 1e-15);
}

TEST(Constraints, values_out_of_range_name_the_option_and_the_range) {
  EXPECT_THAT(refusal("stratified:floor=0.4"), HasSubstr("floor is 0.4; it must be from 0 to 1/3"));
  EXPECT_THAT(refusal("stratified:cap=0.3"), HasSubstr("cap is 0.3; it must be from 1/3 to 1"));
  EXPECT_THAT(refusal("stratified:explore=2"), HasSubstr("explore is 2"));
  EXPECT_THAT(refusal("stratified:max_kl=-1"), HasSubstr("max_kl is -1"));
  EXPECT_THAT(refusal("stratified:flor=0.1"), HasSubstr("did you mean 'floor'?"));
}

TEST(Constraints, combinations_that_cannot_hold_are_refused_before_training) {
  SelectorInputs inputs = three_skills();
  inputs.prior = {1, 1, 98};
  EXPECT_THAT(message_of([&] { (void)make_selector("stratified:floor=0.2,max_kl=0.01", inputs); }),
              HasSubstr("no mixture is nearer to the prior"));
  EXPECT_THAT(refusal("stratified:cap=0.4", round_of(100, {0, 0, 1000})),
              HasSubstr("the largest shares allowed sum to 0.4"));
  EXPECT_THAT(refusal("stratified", round_of(100, {1, 2})), HasSubstr("of each of the 3"));
}

}  // namespace
}  // namespace skillit
