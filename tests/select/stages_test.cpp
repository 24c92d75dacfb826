#include "skillit/select/stages.h"

#include "selector_test_helpers.h"

namespace skillit {
namespace {

using testing::expect_near;
using ::testing::HasSubstr;
using testing::message_of;
using testing::numbered_skills;

RoundInputs part(std::uint64_t begin, std::uint64_t size, std::uint64_t total) {
  RoundInputs inputs;
  inputs.begin = begin;
  inputs.size = size;
  inputs.total = total;
  return inputs;
}
SelectorInputs three_skills() {
  SelectorInputs inputs;
  inputs.train_skills = inputs.eval_skills = SkillSet({"a", "b", "c"});
  return inputs;
}
RoundInputs with_losses(RoundInputs inputs, std::vector<double> losses) {
  inputs.initial = SkillLosses{std::move(losses)};
  return inputs;
}

// 1200 samples in segments of 2 : 1 = 800 and 400; the third of four rounds has 200 of each.
TEST(ManualSelector, a_round_across_two_segments_has_of_both) {
  const auto selector = make_selector("manual:shares=1/0/0|0/1/3,lengths=2/1", three_skills());
  expect_near(selector->next(part(0, 300, 1200)), {1, 0, 0}, 1e-15);
  expect_near(selector->next(part(600, 300, 1200)), {2. / 3, .25 / 3, .75 / 3}, 1e-15);
  expect_near(selector->next(part(900, 300, 1200)), {0, .25, .75}, 1e-15);
}

TEST(ManualSelector, one_row_a_round_is_the_row) {
  const auto selector = make_selector("manual:shares=1/2/1|3/1/0|0/0/1", three_skills());
  expect_near(selector->next(part(0, 7, 21)), {.25, .5, .25}, 1e-15);
  expect_near(selector->next(part(7, 7, 21)), {.75, .25, 0}, 1e-15);
  EXPECT_EQ(selector->next(part(14, 7, 21)), Mixture::from_weights(std::vector<double>{0, 0, 1}));
}

TEST(ManualSelector, what_is_wrong_is_named) {
  const auto refusal = [](const std::string& spec) {
    return message_of([&] { (void)make_selector(spec, three_skills())->next({}); });
  };
  EXPECT_THAT(refusal("manual"), HasSubstr("manual:shares=1/0/0|0/1/1"));
  EXPECT_THAT(refusal("manual:shares=1/0/0|0/1"), HasSubstr("segment 2: 2 given, 3 expected"));
  EXPECT_THAT(refusal("manual:shares=1/0/0,lengths=1/2"), HasSubstr("2 given, 1 segments"));
  EXPECT_THAT(refusal("manual:shares=1/0/0,lengths=0"), HasSubstr("more than 0"));
  EXPECT_THAT(refusal("manual:shares=1/0/0"), HasSubstr("--total-size"));
}

// Losses order c, a, b; equal sizes, fraction 0, 600 samples: 100 of each alone, then 300 of all.
TEST(SkillCurriculum, goes_from_the_lowest_loss_up_and_then_mixes_all) {
  const auto selector = make_selector("skill-curriculum", three_skills());
  const auto at = [&](std::uint64_t begin, std::uint64_t size) {
    return selector->next(with_losses(part(begin, size, 600), {.5, .9, .1}));
  };
  expect_near(at(0, 100), {0, 0, 1}, 1e-15);
  expect_near(at(100, 100), {1, 0, 0}, 1e-15);
  expect_near(at(200, 100), {0, 1, 0}, 1e-15);
  expect_near(at(300, 300), {1. / 3, 1. / 3, 1. / 3}, 1e-15);
  expect_near(at(150, 100), {.5, .5, 0}, 1e-15);
}

TEST(SkillCurriculum, anti_goes_from_the_highest_loss_down) {
  const auto selector = make_selector("skill-anti-curriculum", three_skills());
  expect_near(selector->next(with_losses(part(0, 100, 600), {.5, .9, .1})), {0, 1, 0}, 1e-15);
}

// Sizes a 10, b 20, c 30 in the order c, a, b with fraction 0.4. Stages: c 30; a 10 + c 12 = 22;
// b 20 + a 4 + c 12 = 36; all 60. The authors' scale is samples / sum n_i (2 + (K - 1 - i) f) =
// 148 / (30 * 2.8 + 10 * 2.4 + 20 * 2) = 1.
TEST(SkillCurriculum, earlier_skills_come_again_in_part) {
  SelectorInputs inputs = three_skills();
  inputs.natural_sizes = {10, 20, 30};
  const auto selector = make_selector("skill-curriculum:fraction=0.4", inputs);
  const auto at = [&](std::uint64_t begin, std::uint64_t size) {
    return selector->next(with_losses(part(begin, size, 148), {.5, .9, .1}));
  };
  expect_near(at(0, 30), {0, 0, 1}, 1e-14);
  expect_near(at(30, 22), {10. / 22, 0, 12. / 22}, 1e-14);
  expect_near(at(52, 36), {4. / 36, 20. / 36, 12. / 36}, 1e-14);
  expect_near(at(88, 60), {1. / 6, 2. / 6, 3. / 6}, 1e-14);
  expect_near(at(0, 148), {(10 + 4 + 10) / 148., (20 + 20) / 148., (30 + 12 + 12 + 30) / 148.},
              1e-14);
}

TEST(SkillCurriculum, skills_of_equal_loss_keep_their_order) {
  const auto selector = make_selector("skill-anti-curriculum", three_skills());
  expect_near(selector->next(with_losses(part(0, 1, 6), {.5, .5, .5})), {1, 0, 0}, 1e-15);
}

TEST(SkillCurriculum, a_skill_whose_loss_is_not_known_is_named) {
  SelectorInputs inputs = three_skills();
  const auto selector = make_selector("skill-curriculum", inputs);
  EXPECT_THAT(message_of([&] { (void)selector->next(part(0, 1, 6)); }), HasSubstr("loss of 'a'"));
  inputs.eval_skills = SkillSet({"a", "c"});
  EXPECT_THAT(message_of([&] { (void)make_selector("skill-curriculum", inputs); }),
              HasSubstr("'b' is not among the evaluated skills"));
  EXPECT_THAT(
      message_of([] { (void)make_selector("skill-curriculum:fraction=2", three_skills()); }),
      HasSubstr("from 0 to 1"));
}

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
