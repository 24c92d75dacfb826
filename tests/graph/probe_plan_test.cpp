#include "skillit/graph/probe_plan.h"

#include <limits>

#include "tests/graph/graph_test_helpers.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::refusal_of;

constexpr std::uint64_t kSeeds[] = {0, 1};

ProbePlan plan_of(std::string_view spec, const std::vector<std::string>& names) {
  const SkillSet skills(names);
  return plan_probes(*make_learner(spec), skills, skills, kSeeds);
}

TEST(ProbePlan, equal_runs_are_equal_values_however_they_were_written) {
  const ProbeSpec probe = make_probe({{"b", 2}, {"a", 2}, {"c", 0}}, 7);
  EXPECT_EQ(probe, make_equal_probe({"a", "b"}, 7));
  EXPECT_EQ(probe_key(probe), "\"a\" 0.5 + \"b\" 0.5, seed 7");
  EXPECT_NE(probe_key(make_equal_probe({"a\" 1 + \"b"}, 7)), probe_key(probe));
}

TEST(ProbePlan, a_probe_with_bad_weights_is_refused) {
  EXPECT_THAT(refusal_of([] {
                (void)make_probe({{"a", -1}}, 0);
              }),
              AllOf(HasSubstr("'a'"), HasSubstr("-1")));
  EXPECT_THAT(refusal_of([] { (void)make_probe({{"a", 1}, {"a", 1}}, 0); }), HasSubstr("twice"));
  EXPECT_THAT(refusal_of([] { (void)make_probe({{"a", 0}}, 0); }), HasSubstr("sum to 0"));
}

TEST(ProbePlan, each_learner_asks_for_as_many_runs_as_it_says) {
  const std::vector<std::string> names{"a", "b", "c", "d"};
  EXPECT_EQ(plan_of("approximate", names).probes.size(), 2u * 4);
  EXPECT_EQ(plan_of("relative-drop", names).probes.size(), 2u * 4);
  EXPECT_EQ(plan_of("reference-minus-one-hot", names).probes.size(), 2u * 5);
  EXPECT_EQ(plan_of("brute-force", names).probes.size(), 2u * (4 + 6));
}

TEST(ProbePlan, runs_that_learners_share_are_made_once) {
  const ProbePlan one = plan_of("approximate", {"a", "b", "c"});
  EXPECT_EQ(merge_plans(one, plan_of("relative-drop", {"a", "b", "c"})), one);
  EXPECT_EQ(merge_plans(one, plan_of("brute-force", {"a", "b", "c"})).probes.size(), 2u * (3 + 3));
}

TEST(ProbePlan, a_new_skill_asks_only_for_its_own_row_and_column) {
  const ProbePlan before = plan_of("brute-force", {"a", "c"});
  const ProbePlan after = plan_of("brute-force", {"a", "b", "c"});
  const ProbePlan missing = missing_probes(after, before.probes);
  EXPECT_EQ(missing.probes.size(), 2u * 3);  // b, a + b, b + c
  for (const ProbeSpec& probe : missing.probes) EXPECT_THAT(probe_key(probe), HasSubstr("\"b\""));
  EXPECT_TRUE(missing_probes(before, after.probes).probes.empty());
}

TEST(ProbePlan, it_is_counted_and_printed) {
  const ProbePlan plan = plan_of("approximate", {"a", "b"});
  const PlanCost cost = plan_cost(plan, 600, 2048);
  EXPECT_EQ(cost.runs, 4u);
  EXPECT_EQ(cost.steps, 2400u);
  EXPECT_EQ(cost.tokens, 2400u * 2048);
  EXPECT_EQ(plan_text(plan),
            "\"a\" 1, seed 0\n\"b\" 1, seed 0\n\"a\" 1, seed 1\n\"b\" 1, seed 1\n");
  const auto most = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THAT(refusal_of([&] { (void)plan_cost(plan, most, 1); }), HasSubstr("64 bits"));
}

TEST(ProbePlan, seeds_and_axes_are_checked) {
  const auto learner = make_learner("approximate");
  const SkillSet skills({"a"});
  const std::vector<std::uint64_t> twice{3, 3};
  EXPECT_THAT(refusal_of([&] { (void)plan_probes(*learner, skills, skills, {}); }),
              HasSubstr("no seed"));
  EXPECT_THAT(refusal_of([&] { (void)plan_probes(*learner, skills, skills, twice); }),
              HasSubstr("seed 3 is given twice"));
  EXPECT_THAT(refusal_of([&] { (void)plan_probes(*learner, SkillSet(), skills, kSeeds); }),
              HasSubstr("no training skills"));
  EXPECT_THAT(refusal_of([&] { (void)plan_probes(*learner, skills, SkillSet(), kSeeds); }),
              HasSubstr("no evaluation skills"));
}

}  // namespace
}  // namespace skillit
