// Each learner by hand, from losses that were made up.
#include "tests/graph/graph_test_helpers.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pointwise;
using testing::refusal_of;
using testing::run_on;
using testing::weights_of;

const SkillSet kTrain({"a", "b"});
constexpr std::uint64_t kSeed[] = {0};

/// Losses of a and b at steps 0, 10 and 20.
const ProbeResults kResults{
    kTrain,
    {
        run_on({"a"}, {{4, 2}, {2, 1.75}, {1, 1.5}}),
        run_on({"b"}, {{4, 2}, {5, 1}, {6, 0.5}}),
        run_on({"a", "b"}, {{4, 2}, {3, 1}, {0.5, 0.25}}),
    },
};

std::vector<double> learn(std::string_view spec, const ProbeResults& results = kResults,
                          const SkillSet& eval = kTrain) {
  return weights_of(learn_graph(*make_learner(spec), kTrain, eval, kSeed, results).graph);
}

auto near(std::vector<double> expected) {
  return Pointwise(DoubleNear(1e-15), expected);
}

TEST(Learners, approximate_is_the_drop_of_each_loss) {
  EXPECT_THAT(learn("approximate"), near({3, 0.5, -2, 1.5}));
  EXPECT_THAT(learn("approximate:at_step=10"), near({2, 0.25, -1, 1}));
}

TEST(Learners, approximate_serves_evaluation_skills_that_are_not_trained) {
  const ProbeResults results{
      SkillSet({"x", "y", "z"}),
      {run_on({"a"}, {{1, 2, 3}, {0, 2, 5}}), run_on({"b"}, {{1, 2, 3}, {1, 1, 1}})}};
  EXPECT_THAT(learn("approximate", results, SkillSet({"z", "x"})), ElementsAre(-2, 1, 2, 0));
}

TEST(Learners, relative_drop_is_a_share_of_the_first_loss) {
  EXPECT_THAT(learn("relative-drop"), near({0.75, 0.25, -0.5, 0.75}));
}

TEST(Learners, relative_drop_needs_a_loss_above_0) {
  const ProbeResults results{kTrain,
                             {run_on({"a"}, {{0, 2}, {0, 1}}), run_on({"b"}, {{1, 2}, {0, 1}})}};
  EXPECT_THAT(refusal_of([&] { (void)learn("relative-drop", results); }),
              AllOf(HasSubstr("'a' before training is 0"), HasSubstr("use approximate")));
}

TEST(Learners, reference_minus_one_hot_compares_the_ends) {
  // On both 0.5 and 0.25; on a alone 1 and 1.5, on b alone 6 and 0.5.
  EXPECT_THAT(learn("reference-minus-one-hot"), near({-0.5, -1.25, -5.5, -0.25}));
}

TEST(Learners, a_reference_can_be_given_by_training_skill) {
  ProbeResults results = kResults;
  results.records[2].spec = make_probe({{"a", 1}, {"b", 3}}, 0);
  EXPECT_THAT(learn("reference-minus-one-hot:reference=1/3", results),
              near({-0.5, -1.25, -5.5, -0.25}));
  EXPECT_THAT(refusal_of([] { (void)learn("reference-minus-one-hot:reference=1/2/3"); }),
              HasSubstr("3 weights, one for each of the 2 training skills"));
}

TEST(Learners, brute_force_is_the_pair_against_the_skill_alone) {
  // Drops alone: a 3, b 1.5; on the pair: a 3.5, b 1.75. The diagonal is the drop alone.
  EXPECT_THAT(learn("brute-force"), near({3, 0.25, 0.5, 1.5}));
  // At step 10 alone: a 2, b 1; on the pair: a 1, b 1.
  EXPECT_THAT(learn("brute-force:at_step=10"), near({2, 0, -1, 1}));
}

TEST(Learners, brute_force_by_data_is_the_share_saved) {
  // b reaches 1 alone after 10 steps, on the pair after 10 of which 5 are its own; a reaches 1
  // alone after 20, on the pair after 20.
  EXPECT_THAT(learn("brute-force:form=data,threshold=1"), near({1, 0.5, 0.5, 1}));
  EXPECT_THAT(learn("brute-force:form=data,threshold=1,count=total"), near({1, 0, 0, 1}));
}

TEST(Learners, brute_force_by_data_counts_the_whole_run_where_a_loss_is_never_reached) {
  // 0.5 of a: never alone (20 or more), on the pair after 20 steps, 10 its own. Of b: alone after
  // 20, on the pair after 20.
  EXPECT_THAT(learn("brute-force:form=data,threshold=0.5"), near({0, 0.5, 0.5, 1}));
  // 0.3: b on the pair only. 0.1: nobody, so no edge and nothing learned alone.
  EXPECT_THAT(learn("brute-force:form=data,threshold=0.3"), near({0, 0.5, 0, 0}));
  EXPECT_THAT(learn("brute-force:form=data,threshold=0.1"), near({0, 0, 0, 0}));
}

TEST(Learners, a_pair_that_never_gets_there_is_no_help) {
  ProbeResults results = kResults;
  results.records[2] = run_on({"a", "b"}, {{4, 2}, {3, 1.9}, {2, 1.8}});
  // a alone takes all 20 steps, and the pair has seen but 10 of a: that says nothing. b alone takes
  // 10, the pair is past 10 of b.
  EXPECT_THAT(learn("brute-force:form=data,threshold=1", results), near({1, 0, 0, 1}));
  EXPECT_THAT(learn("brute-force:form=data,threshold=1,count=total", results), near({1, -1, 0, 1}));
}

TEST(Learners, brute_force_by_data_needs_something_to_learn) {
  EXPECT_THAT(refusal_of([] { (void)learn("brute-force:form=data,threshold=3"); }),
              AllOf(HasSubstr("'b' is 2 before training"), HasSubstr("lower")));
  EXPECT_THAT(refusal_of([] { (void)make_learner("brute-force:threshold=0"); }),
              HasSubstr("threshold is 0"));
}

TEST(Learners, brute_force_must_be_able_to_train_what_it_evaluates) {
  const SkillSet eval({"a", "x"});
  EXPECT_THAT(
      refusal_of([&] { (void)plan_probes(*make_learner("brute-force"), kTrain, eval, kSeed); }),
      AllOf(HasSubstr("'x'"), HasSubstr("approximate")));
  // A training skill that is not evaluated needs no run alone, but its pairs.
  EXPECT_EQ(plan_probes(*make_learner("brute-force"), kTrain, SkillSet({"a"}), kSeed).probes.size(),
            2u);
}

TEST(Learners, a_single_skill_is_learned_too) {
  const SkillSet one({"a"});
  for (const LearnerInfo& info : learner_methods()) {
    if (info.input != LearnerInput::kProbes) continue;
    const auto learner = make_learner(info.method.name);
    const LearnedGraph learned = learn_graph(*learner, one, one, kSeed, kResults);
    EXPECT_EQ(learned.edges.size(), 1u) << info.method.name;
  }
}

TEST(Learners, the_factory_names_what_it_does_not_know) {
  EXPECT_THAT(refusal_of([] { (void)make_learner("aproximate"); }),
              HasSubstr("did you mean 'approximate'?"));
  EXPECT_THAT(refusal_of([] { (void)make_learner("approximate:step=3"); }), HasSubstr("at_step"));
  EXPECT_THAT(refusal_of([] { (void)make_learner("approximate:at_step=-1"); }),
              HasSubstr("at_step is -1"));
  EXPECT_THAT(refusal_of([] { (void)make_learner("online"); }), HasSubstr("fit_online"));
  EXPECT_THAT(refusal_of([] { (void)make_learner("gradient"); }), HasSubstr("gradient_graph"));
}

}  // namespace
}  // namespace skillit
