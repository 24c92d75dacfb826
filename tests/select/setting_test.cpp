#include "skillit/select/setting.h"

#include "selector_test_helpers.h"

namespace skillit {
namespace {

using testing::expect_near;
using ::testing::HasSubstr;
using testing::message_of;

const SkillSet kAbc({"a", "b", "c"});

TEST(Setting, follows_from_which_skills_are_on_both_sides) {
  EXPECT_EQ(setting_of(kAbc, SkillSet({"c", "a", "b"}), {}), Setting::kPretrain);
  EXPECT_EQ(setting_of(kAbc, kAbc, {"a", "b", "c"}), Setting::kPretrain);
  EXPECT_EQ(setting_of(kAbc, kAbc, {"b"}), Setting::kFinetune);
  EXPECT_EQ(setting_of(kAbc, SkillSet({"b"}), {}), Setting::kFinetune);
  EXPECT_EQ(setting_of(SkillSet({"a", "b"}), kAbc, {}), Setting::kFinetune);
  EXPECT_EQ(setting_of(kAbc, SkillSet({"x", "y"}), {}), Setting::kOutOfDomain);
}

TEST(Setting, what_contradicts_it_is_refused_by_name) {
  const auto refusal = [](Setting setting, const SkillSet& train, const SkillSet& eval,
                          const std::vector<std::string>& targets = {}) {
    return message_of([&] { check_setting(setting, train, eval, targets); });
  };
  EXPECT_THAT(refusal(Setting::kOutOfDomain, kAbc, SkillSet({"x", "b"})),
              HasSubstr("'b' is both trained on and evaluated"));
  EXPECT_THAT(refusal(Setting::kPretrain, kAbc, SkillSet({"a", "b"})),
              HasSubstr("'c' is trained on and does not count"));
  EXPECT_THAT(refusal(Setting::kPretrain, kAbc, SkillSet({"a", "b", "c", "d"})),
              HasSubstr("'d' is evaluated and not trained on"));
  EXPECT_THAT(refusal(Setting::kFinetune, kAbc, SkillSet({"x"})),
              HasSubstr("'x' is evaluated and not trained on"));
  EXPECT_THAT(refusal(Setting::kFinetune, kAbc, kAbc),
              HasSubstr("every training skill is a target"));
  check_setting(Setting::kPretrain, kAbc, kAbc, {});
  check_setting(Setting::kFinetune, kAbc, kAbc, {"b"});
  check_setting(Setting::kFinetune, SkillSet({"a"}), SkillSet({"a"}),
                {});  // No prerequisite at all.
  check_setting(Setting::kOutOfDomain, kAbc, SkillSet({"x"}), {});
  check_setting(Setting::kAuto, kAbc, SkillSet({"x", "b"}), {});
}

SelectorInputs with_graph(const SkillSet& eval, std::vector<double> weights) {
  SelectorInputs inputs;
  inputs.train_skills = kAbc;
  inputs.eval_skills = eval;
  inputs.graph = SkillGraph(kAbc, eval, std::move(weights));
  return inputs;
}

TEST(StratifiedSelector, pre_training_is_uniform_whatever_the_graph) {
  const auto inputs = with_graph(kAbc, {1, 0, 0, .5, 1, 0, 0, 0, 1});
  EXPECT_EQ(make_selector("stratified", inputs)->next({}), Mixture::uniform(3));
}

// Target c: a has an edge to it, b a negative one; c itself counts whatever its diagonal.
TEST(StratifiedSelector, fine_tuning_is_uniform_over_prerequisites_and_targets) {
  auto inputs = with_graph(kAbc, {1, 0, .2, 0, 1, -.1, 0, 0, 0});
  inputs.targets = {"c"};
  expect_near(make_selector("stratified", inputs)->next({}), {.5, 0, .5}, 1e-15);
  EXPECT_EQ(make_selector("stratified:over=all", inputs)->next({}), Mixture::uniform(3));
  inputs.graph.reset();  // Without a graph nothing says which are prerequisites.
  EXPECT_EQ(make_selector("stratified", inputs)->next({}), Mixture::uniform(3));
}

TEST(StratifiedSelector, out_of_domain_is_uniform_over_prerequisites) {
  const SkillSet eval({"x", "y"});
  expect_near(make_selector("stratified", with_graph(eval, {.1, -1, -1, -1, -1, .3}))->next({}),
              {.5, 0, .5}, 1e-15);
  EXPECT_THAT(message_of([&] {
                (void)make_selector("stratified", with_graph(eval, {-1, -1, -1, -1, -1, 0}));
              }),
              HasSubstr("no training skill has a positive edge"));
}

}  // namespace
}  // namespace skillit
