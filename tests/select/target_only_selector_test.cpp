#include "skillit/select/target_only_selector.h"

#include "selector_test_helpers.h"

namespace skillit {
namespace {

using testing::expect_near;
using ::testing::HasSubstr;
using testing::message_of;
using testing::three_skills;

TEST(TargetOnly, gives_equal_shares_to_the_targets_that_are_trained_on) {
  SelectorInputs inputs = three_skills();
  inputs.targets = {"c"};
  expect_near(make_selector("target-only", inputs)->next({}), {0, 0, 1}, 1e-15);
  inputs.targets = {"b", "c"};
  expect_near(make_selector("target-only", inputs)->next({}), {0, .5, .5}, 1e-15);
  inputs.targets.clear();
  inputs.eval_skills = SkillSet({"x", "a"});
  expect_near(make_selector("target-only", inputs)->next({}), {1, 0, 0}, 1e-15);
  inputs.eval_skills = SkillSet({"x", "y"});
  EXPECT_THAT(message_of([&] { (void)make_selector("target-only", inputs); }), HasSubstr("(x, y)"));
}

}  // namespace
}  // namespace skillit
