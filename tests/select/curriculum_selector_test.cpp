#include "skillit/select/curriculum_selector.h"

#include <cmath>

#include "selector_test_helpers.h"

namespace skillit {
namespace {

using testing::expect_near;
using ::testing::HasSubstr;
using testing::message_of;
using testing::numbered_skills;
using testing::part_of_training;
using testing::three_skills;

// g(t) = t * update * batch of N = T * update * batch.
TEST(Curriculum, linear_pacing_is_the_part_of_the_training_done_at_the_rounds_end) {
  const auto selector = make_selector("curriculum:shares=1/1/1/3/5", [] {
    SelectorInputs inputs;
    inputs.train_skills = inputs.eval_skills = numbered_skills(5);
    return inputs;
  }());
  for (std::uint64_t t = 1; t <= 6; ++t) {
    const auto pool = selector->pool_part(part_of_training((t - 1) * 32000, 32000, 192000));
    ASSERT_TRUE(pool);
    EXPECT_FALSE(pool->hardest_first);
    EXPECT_NEAR(pool->fraction, static_cast<double>(t) / 6, 1e-15);
  }
  expect_near(selector->next({}), {1. / 11, 1. / 11, 1. / 11, 3. / 11, 5. / 11}, 1e-15);
}

// a = .8, b = .2: at t / T = .4: .2 + .8 (1 + .1 ln(.5 + e^-10)); from .8 on everything.
TEST(Curriculum, log_pacing_by_hand) {
  const CurriculumOptions options{{}, Pacing::kLog, .8, .2};
  EXPECT_NEAR(pool_fraction(options, .4), .9445555, 1e-6);
  EXPECT_NEAR(pool_fraction(options, 1e-12), .2, 1e-6);  // 1 + 0.1 * -10 = 0.
  EXPECT_DOUBLE_EQ(pool_fraction(options, .8), 1);
  EXPECT_DOUBLE_EQ(pool_fraction(options, 1), 1);
}

TEST(Curriculum, anti_begins_with_the_hardest) {
  const auto selector =
      make_selector("anti-curriculum:shares=1/1/1,pacing=log,a=1,b=0.5", three_skills());
  const auto pool = selector->pool_part(part_of_training(0, 1, 10));
  ASSERT_TRUE(pool);
  EXPECT_TRUE(pool->hardest_first);
  EXPECT_NEAR(pool->fraction, .5 + .5 * (1 + .1 * std::log(.1 + std::exp(-10.))), 1e-15);
}

TEST(Curriculum, other_methods_take_any_sample_of_a_skill) {
  EXPECT_FALSE(make_selector("stratified", three_skills())->pool_part({}));
}

TEST(Curriculum, what_is_wrong_is_named) {
  const auto refusal = [](const std::string& spec) {
    return message_of([&] { (void)make_selector(spec, three_skills())->pool_part({}); });
  };
  EXPECT_THAT(refusal("curriculum:shares=1/1/1,a=0"), HasSubstr("curriculum: a is 0"));
  EXPECT_THAT(refusal("anti-curriculum:shares=1/1/1,b=1"), HasSubstr("anti-curriculum: b is 1"));
  EXPECT_THAT(refusal("curriculum:shares=1/1/1"), HasSubstr("sizes of the round"));
  EXPECT_THAT(refusal("curriculum"), HasSubstr("natural size of each skill is not known"));
}

}  // namespace
}  // namespace skillit
