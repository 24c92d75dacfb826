#include "skillit/select/manual_selector.h"

#include "selector_test_helpers.h"

namespace skillit {
namespace {

using testing::expect_near;
using ::testing::HasSubstr;
using testing::message_of;
using testing::part_of_training;
using testing::three_skills;

// 1200 samples in segments of 2 : 1 = 800 and 400; the third of four rounds has 200 of each.
TEST(ManualSelector, a_round_across_two_segments_has_of_both) {
  const auto selector = make_selector("manual:shares=1/0/0|0/1/3,lengths=2/1", three_skills());
  expect_near(selector->next(part_of_training(0, 300, 1200)), {1, 0, 0}, 1e-15);
  expect_near(selector->next(part_of_training(600, 300, 1200)), {2. / 3, .25 / 3, .75 / 3}, 1e-15);
  expect_near(selector->next(part_of_training(900, 300, 1200)), {0, .25, .75}, 1e-15);
}

TEST(ManualSelector, one_row_a_round_is_the_row) {
  const auto selector = make_selector("manual:shares=1/2/1|3/1/0|0/0/1", three_skills());
  expect_near(selector->next(part_of_training(0, 7, 21)), {.25, .5, .25}, 1e-15);
  expect_near(selector->next(part_of_training(7, 7, 21)), {.75, .25, 0}, 1e-15);
  EXPECT_EQ(selector->next(part_of_training(14, 7, 21)),
            Mixture::from_weights(std::vector<double>{0, 0, 1}));
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

}  // namespace
}  // namespace skillit
