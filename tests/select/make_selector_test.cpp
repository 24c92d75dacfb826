#include <gtest/gtest.h>

#include "selector_test_helpers.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::inputs_for;
using testing::least_spec;
using testing::lego_graph;
using testing::lego_losses;
using testing::message_of;
using testing::second_round;

std::string refusal(const std::string& spec,
                    const SelectorInputs& inputs = inputs_for(lego_graph())) {
  return message_of([&] { (void)make_selector(spec, inputs); });
}

TEST(MakeSelector, makes_every_method_it_lists) {
  auto inputs = inputs_for(lego_graph());
  inputs.natural_sizes = {10, 10, 10, 30, 50};
  ASSERT_EQ(selector_methods().size(), 11u);
  for (const MethodInfo& method : selector_methods()) {
    EXPECT_EQ(make_selector(least_spec(method.name), inputs)->next(second_round()).size(), 5u)
        << method.name;
    EXPECT_FALSE(method.summary.empty());
  }
}

TEST(MakeSelector, suggests_the_nearest_method_option_and_value) {
  EXPECT_THAT(refusal("skilit"), AllOf(HasSubstr("'skillit'"), HasSubstr("stratified")));
  EXPECT_THAT(refusal("skillit:etta=1"), AllOf(HasSubstr("'etta'"), HasSubstr("did you mean 'eta'"),
                                               HasSubstr("window_unit")));
  EXPECT_THAT(refusal("skillit:pool=sun"), HasSubstr("did you mean 'sum'"));
  EXPECT_THAT(refusal("stratified:eta=1"),
              AllOf(HasSubstr("has no option 'eta'"), HasSubstr("floor")));
}

TEST(MakeSelector, refuses_what_it_cannot_read) {
  EXPECT_THAT(refusal(""), HasSubstr("no name"));
  EXPECT_THAT(refusal("skillit:"), HasSubstr("option=value"));
  EXPECT_THAT(refusal("skillit:eta"), HasSubstr("'eta'"));
  EXPECT_THAT(refusal("skillit:eta=1,eta=2"), HasSubstr("twice"));
  EXPECT_THAT(refusal("skillit:eta="), HasSubstr("finite number"));
  EXPECT_THAT(refusal("skillit:eta=0.5x"), HasSubstr("0.5x"));
  EXPECT_THAT(refusal("skillit:eta=nan"), HasSubstr("finite number"));
  EXPECT_THAT(refusal("skillit:window=2.5"), HasSubstr("whole number"));
  EXPECT_THAT(refusal("skillit:normalize_loss=yes"), HasSubstr("false, true"));
  EXPECT_THAT(refusal("static:shares=1//3/4/5"), HasSubstr("finite number"));
  EXPECT_THAT(refusal("static:shares=1/1/1/1/-1"), HasSubstr("-1"));
}

TEST(MakeSelector, refuses_inputs_that_do_not_fit_the_skills) {
  auto inputs = inputs_for(lego_graph());
  inputs.prior = {1, 2};
  EXPECT_THAT(refusal("skillit", inputs),
              AllOf(HasSubstr("prior"), HasSubstr("5 training skills")));
  inputs.prior = {0, 0, 0, 0, 0};
  EXPECT_THAT(refusal("skillit", inputs), HasSubstr("prior"));
  inputs.prior = {};
  inputs.targets = {"s9"};
  EXPECT_THAT(refusal("skillit", inputs), AllOf(HasSubstr("targets"), HasSubstr("'s9'")));
  inputs.targets = {"s1", "s1"};
  EXPECT_THAT(refusal("skillit", inputs), HasSubstr("twice"));
  EXPECT_THAT(refusal("stratified", {}), HasSubstr("no training skills"));
}

TEST(MakeSelector, a_method_that_needs_a_graph_does_not_go_without) {
  auto inputs = inputs_for(lego_graph());
  inputs.graph.reset();
  EXPECT_THAT(refusal("skillit", inputs), HasSubstr("no-graph"));
}

}  // namespace
}  // namespace skillit
