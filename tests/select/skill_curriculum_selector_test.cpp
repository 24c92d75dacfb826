#include "skillit/select/skill_curriculum_selector.h"

#include "selector_test_helpers.h"

namespace skillit {
namespace {

using testing::expect_near;
using ::testing::HasSubstr;
using testing::message_of;
using testing::part_of_training;
using testing::three_skills;

RoundInputs with_losses(RoundInputs inputs, std::vector<double> losses) {
  inputs.initial = SkillLosses{std::move(losses)};
  return inputs;
}

// Losses order c, a, b; equal sizes, fraction 0, 600 samples: 100 of each alone, then 300 of all.
TEST(SkillCurriculum, goes_from_the_lowest_loss_up_and_then_mixes_all) {
  const auto selector = make_selector("skill-curriculum", three_skills());
  const auto at = [&](std::uint64_t begin, std::uint64_t size) {
    return selector->next(with_losses(part_of_training(begin, size, 600), {.5, .9, .1}));
  };
  expect_near(at(0, 100), {0, 0, 1}, 1e-15);
  expect_near(at(100, 100), {1, 0, 0}, 1e-15);
  expect_near(at(200, 100), {0, 1, 0}, 1e-15);
  expect_near(at(300, 300), {1. / 3, 1. / 3, 1. / 3}, 1e-15);
  expect_near(at(150, 100), {.5, .5, 0}, 1e-15);
}

TEST(SkillCurriculum, anti_goes_from_the_highest_loss_down) {
  const auto selector = make_selector("skill-anti-curriculum", three_skills());
  expect_near(selector->next(with_losses(part_of_training(0, 100, 600), {.5, .9, .1})), {0, 1, 0},
              1e-15);
}

// Sizes a 10, b 20, c 30 in the order c, a, b with fraction 0.4. Stages: c 30; a 10 + c 12 = 22;
// b 20 + a 4 + c 12 = 36; all 60. The authors' scale is samples / sum n_i (2 + (K - 1 - i) f) =
// 148 / (30 * 2.8 + 10 * 2.4 + 20 * 2) = 1.
TEST(SkillCurriculum, earlier_skills_come_again_in_part) {
  SelectorInputs inputs = three_skills();
  inputs.natural_sizes = {10, 20, 30};
  const auto selector = make_selector("skill-curriculum:fraction=0.4", inputs);
  const auto at = [&](std::uint64_t begin, std::uint64_t size) {
    return selector->next(with_losses(part_of_training(begin, size, 148), {.5, .9, .1}));
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
  expect_near(selector->next(with_losses(part_of_training(0, 1, 6), {.5, .5, .5})), {1, 0, 0},
              1e-15);
}

TEST(SkillCurriculum, a_skill_whose_loss_is_not_known_is_named) {
  SelectorInputs inputs = three_skills();
  const auto selector = make_selector("skill-curriculum", inputs);
  EXPECT_THAT(message_of([&] { (void)selector->next(part_of_training(0, 1, 6)); }),
              HasSubstr("loss of 'a'"));
  inputs.eval_skills = SkillSet({"a", "c"});
  EXPECT_THAT(message_of([&] { (void)make_selector("skill-curriculum", inputs); }),
              HasSubstr("'b' is not among the evaluated skills"));
  EXPECT_THAT(
      message_of([] { (void)make_selector("skill-curriculum:fraction=2", three_skills()); }),
      HasSubstr("from 0 to 1"));
}

}  // namespace
}  // namespace skillit
