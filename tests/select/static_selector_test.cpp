#include "skillit/select/static_selector.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "selector_test_helpers.h"
#include "skillit/graph/npy_file.h"

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

// The reference's initial mixtures of the fine-tuning graphs: Spanish question generation, stance
// detection.
TEST(StaticSelector, reproduces_the_published_fine_tuning_starts) {
  auto spanish = inputs_for({numbered_skills(4),
                             numbered_skills(4),
                             {.44526, .07692, .12117, .02577, 0, .68371, 0, .45911, .08831, .04657,
                              .50009, .07985, 0, .36103, 0, .45529}});
  spanish.targets = {"s4"};
  expect_near(first("static:eta=0.8", spanish), {.2054, .2905, .2145, .2896}, 5e-5);
  const LossHistory round_one{{{{0, 0, 0, 2.85}}}, {0}};
  expect_near(make_selector("skillit:eta=0.8", spanish)->next(round_one), {.134, .359, .151, .356},
              1e-3);

  auto stance = inputs_for({numbered_skills(2), numbered_skills(2), {1.34189, 0, .73246, .87501}});
  stance.targets = {"s1"};
  expect_near(first("static:eta=0.2", stance), {.53043, .46957}, 5e-6);
}

// The pre-training mixture of Natural Instructions, 23 task categories: eta .2, diagonal 1, whole
// graph.
TEST(StaticSelector, reproduces_the_natural_instructions_mixture) {
  const char* shared = std::getenv("SKILLIT_SHARED");
  const std::filesystem::path folder = shared ? shared : SKILLIT_SOURCE_DIR "/../shared";
  const auto path = folder / "data/skillit/ni_graphs/top_23_early_decreases.npy";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here; set SKILLIT_SHARED";
  const NpyMatrix file = read_npy_matrix(path);
  const SkillGraph graph(numbered_skills(file.rows), numbered_skills(file.columns), file.values);
  expect_near(first("static:eta=0.2,diagonal=one", inputs_for(graph)),
              {.05100, .01479, .02303, .01051, .02067, .05997, .02472, .00466,
               .00008, .07936, .07587, .06251, .02933, .07634, .01383, .06367,
               .08066, .07222, .04573, .03010, .06313, .03501, .06282},
              6e-6);
}

}  // namespace
}  // namespace skillit
