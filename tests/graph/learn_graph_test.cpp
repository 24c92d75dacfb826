// Evidence: what is estimated over seeds, and what is refused.
#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/graph/graph_test_helpers.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::LinearWorld;
using testing::numbered_skills;
using testing::refusal_of;
using testing::run_on;

const SkillSet kSkills({"a", "b"});
constexpr std::uint64_t kSeeds[] = {0, 1, 2};

/// Seed s lowers a by s + 1 when training on a, by nothing on b, and b by 2 on both.
ProbeResults three_seeds() {
  ProbeResults results{kSkills, {}};
  for (const std::uint64_t seed : kSeeds) {
    const auto drop = static_cast<double>(seed + 1);
    results.records.push_back(run_on({"a"}, {{9, 5}, {9 - drop, 3}}, seed));
    results.records.push_back(run_on({"b"}, {{9, 5}, {9, 3}}, seed));
  }
  return results;
}

LearnedGraph learn(const ProbeResults& results, std::span<const std::uint64_t> seeds = kSeeds,
                   const GraphProcessing& processing = {}) {
  return learn_graph(*make_learner("approximate"), kSkills, kSkills, seeds, results, processing);
}

TEST(LearnGraph, every_edge_has_mean_and_standard_error_over_seeds) {
  const LearnedGraph learned = learn(three_seeds());
  // Drops 1, 2, 3: mean 2, sd 1; t(.975, 2) = 4.30 makes the interval 2 +- 2.48.
  EXPECT_EQ(learned.edge(0, 0).n, 3);
  EXPECT_DOUBLE_EQ(learned.edge(0, 0).mean, 2);
  EXPECT_DOUBLE_EQ(learned.edge(0, 0).standard_error, 1 / std::sqrt(3.0));
  EXPECT_TRUE(learned.edge(0, 0).in_noise);
  EXPECT_EQ(learned.graph(0, 0), 0);
  EXPECT_FALSE(learned.edge(0, 1).in_noise);
  EXPECT_EQ(learned.graph(0, 1), 2);
  EXPECT_EQ(learned.provenance.at("seeds"), "0,1,2");
}

TEST(LearnGraph, edges_inside_the_noise_can_be_kept) {
  GraphProcessing keep;
  keep.keep_noise = true;
  EXPECT_DOUBLE_EQ(learn(three_seeds(), kSeeds, keep).graph(0, 0), 2);
}

TEST(LearnGraph, one_seed_knows_no_noise_and_keeps_every_edge) {
  const LearnedGraph learned = learn(three_seeds(), std::span(kSeeds).first(1));
  EXPECT_EQ(learned.edge(0, 0).n, 1);
  EXPECT_TRUE(std::isnan(learned.edge(0, 0).standard_error));
  EXPECT_FALSE(learned.edge(0, 0).in_noise);
  EXPECT_EQ(learned.graph(0, 0), 1);
}

TEST(LearnGraph, missing_probes_are_counted_and_named) {
  ProbeResults results = three_seeds();
  results.records.erase(results.records.begin() + 1, results.records.end());
  EXPECT_THAT(refusal_of([&] { (void)learn(results); }),
              AllOf(HasSubstr("5 of 6 probes are missing"), HasSubstr("\"b\" 1, seed 0"),
                    HasSubstr("...")));
}

TEST(LearnGraph, a_loss_that_is_not_a_number_is_named) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    ProbeResults results = three_seeds();
    results.records[3].evaluations[1].values[0] = bad;
    EXPECT_THAT(refusal_of([&] { (void)learn(results); }),
                AllOf(HasSubstr("\"b\" 1, seed 1"), HasSubstr("'a' at step 10")));
  }
}

TEST(LearnGraph, evaluation_skills_are_matched_by_name) {
  const SkillSet other({"a", "bee"});
  const ProbeResults results = three_seeds();
  EXPECT_THAT(refusal_of([&] {
                (void)learn_graph(*make_learner("approximate"), kSkills, other, kSeeds, results);
              }),
              AllOf(HasSubstr("'bee'"), HasSubstr("measured")));
}

TEST(LearnGraph, records_that_do_not_fit_are_refused) {
  const auto refusal = [](const auto& change) {
    ProbeResults results = three_seeds();
    change(results.records[0]);
    return refusal_of([&] { (void)learn(results); });
  };
  EXPECT_THAT(refusal([](ProbeRecord& r) { r.evaluations.pop_back(); }),
              AllOf(HasSubstr("\"a\" 1, seed 0"), HasSubstr("2 steps and 1 evaluations")));
  EXPECT_THAT(refusal([](ProbeRecord& r) { r.steps[0] = 1; }), HasSubstr("before training"));
  EXPECT_THAT(refusal([](ProbeRecord& r) { r.steps[1] = 0; }), HasSubstr("step 0 follows step 0"));
  EXPECT_THAT(refusal([](ProbeRecord& r) { r.evaluations[1].values.pop_back(); }),
              HasSubstr("has 1 losses, but there are 2"));
  EXPECT_THAT(refusal([](ProbeRecord& r) { r.spec.seed = 1; }), HasSubstr("twice"));
  EXPECT_THAT(refusal([](ProbeRecord& r) {
                r.steps.pop_back();
                r.evaluations.pop_back();
              }),
              HasSubstr("no evaluation after step 0"));
}

TEST(LearnGraph, an_evaluation_that_was_not_made_is_named) {
  EXPECT_THAT(refusal_of([] {
                (void)learn_graph(*make_learner("approximate:at_step=7"), kSkills, kSkills, kSeeds,
                                  three_seeds());
              }),
              AllOf(HasSubstr("at step 7"), HasSubstr("last at step 10")));
}

TEST(LearnGraph, truly_absent_edges_leave_the_noise_in_5_percent_of_the_cases) {
  const std::size_t k = 50;
  const LinearWorld world{numbered_skills(k), std::vector<double>(k * k), 2, 0.1, 1};
  const std::vector<std::uint64_t> seeds{1, 2, 3, 4};
  const LearnedGraph learned = world.learn("approximate", seeds);
  const auto found = std::count_if(learned.edges.begin(), learned.edges.end(),
                                   [](const EdgeEstimate& edge) { return !edge.in_noise; });
  // Binomial: 2500 x 0.05 = 125, standard deviation 10.9; four of them either way.
  EXPECT_GE(found, 81);
  EXPECT_LE(found, 169);
}

TEST(LearnGraph, edges_beyond_the_noise_are_found) {
  const std::size_t k = 20;
  std::vector<double> helps(k * k);
  for (std::size_t i = 0; i < k; ++i) helps[i * k + i] = helps[i * k + (i + 1) % k] = 0.2;
  const LinearWorld world{numbered_skills(k), helps, 2, 0.01, 1};
  const std::vector<std::uint64_t> seeds{1, 2, 3, 4};
  const LearnedGraph learned = world.learn("approximate", seeds);
  for (std::size_t e = 0; e < helps.size(); ++e) {
    if (helps[e] == 0) continue;
    EXPECT_FALSE(learned.edges[e].in_noise);
    // 0.4 nats; the noise of a mean of 4 differences is 0.007, five of them.
    EXPECT_NEAR(learned.edges[e].mean, 0.4, 0.035);
  }
}

/// Steps of 1 %: what is learned after H steps is 1 - (1 - A)^H of the loss, not H A of it.
class LinearWorlds : public ::testing::Test {
 protected:
  LinearWorlds() {
    Rng rng(1, "worlds");
    for (double& help : helps_) help = 0.02 * rng.uniform() - 0.005;
    world_ = {numbered_skills(kSize), helps_, 3, 0, kSteps};
  }
  /// What is left of a loss after a probe that helps by `help` a step.
  static double left(double help) { return 3 * std::pow(1 - help, static_cast<double>(kSteps)); }
  [[nodiscard]] double help(std::size_t i, std::size_t j) const { return helps_[i * kSize + j]; }

  static constexpr std::size_t kSize = 8;
  static constexpr std::uint64_t kSteps = 10;
  static constexpr std::uint64_t kSeed[] = {5};
  std::vector<double> helps_ = std::vector<double>(kSize * kSize);
  LinearWorld world_;
};

TEST_F(LinearWorlds, one_hot_learners_recover_the_graph_up_to_curvature) {
  const LearnedGraph drop = world_.learn("approximate", kSeed);
  const LearnedGraph share = world_.learn("relative-drop", kSeed);
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = 0; j < kSize; ++j) {
      EXPECT_NEAR(drop.graph(i, j), 3 - left(help(i, j)), 1e-12);
      EXPECT_NEAR(share.graph(i, j), 1 - left(help(i, j)) / 3, 1e-12);
      // Relative error at most (H - 1) |A| / 2 < 7 %.
      EXPECT_NEAR(share.graph(i, j) / kSteps, help(i, j), 0.07 * std::abs(help(i, j)));
    }
  }
}

TEST_F(LinearWorlds, the_reference_learner_recovers_differences_to_the_mean_row) {
  const LearnedGraph learned = world_.learn("reference-minus-one-hot", kSeed);
  for (std::size_t j = 0; j < kSize; ++j) {
    double mean_help = 0;
    for (std::size_t i = 0; i < kSize; ++i) mean_help += help(i, j) / kSize;
    for (std::size_t i = 0; i < kSize; ++i)
      EXPECT_NEAR(learned.graph(i, j), left(mean_help) - left(help(i, j)), 1e-12);
  }
}

TEST_F(LinearWorlds, brute_force_finds_who_helps_more_than_the_skill_itself) {
  const LearnedGraph learned = world_.learn("brute-force", kSeed);
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = 0; j < kSize; ++j) {
      if (i == j) continue;
      const double pair = (help(i, j) + help(j, j)) / 2;
      EXPECT_NEAR(learned.graph(i, j), left(help(j, j)) - left(pair), 1e-12);
      EXPECT_EQ(learned.graph(i, j) > 0, help(i, j) > help(j, j));
    }
  }
}

// From data until a loss is reached, T = ln(threshold / start) / ln(1 - help) steps, whole ones. To
// first order in A, j saves A_ij / (A_ij + A_jj) of its own data by help of i, so that edge / (1 -
// edge) is A_ij / A_jj, and (A_ij - A_jj) / (A_ij + A_jj) of all data.
TEST(LearnGraph, brute_force_by_data_recovers_ratios_of_helps) {
  const std::size_t k = 8;
  Rng rng(2, "worlds");
  std::vector<double> helps(k * k);
  for (double& help : helps) help = 0.01 + 0.02 * rng.uniform();
  LinearWorld world{numbered_skills(k), helps, 3, 0, 400, true};
  constexpr std::uint64_t kSeed[] = {5};
  const LearnedGraph own = world.learn("brute-force:form=data,threshold=0.1", kSeed);
  const LearnedGraph total = world.learn("brute-force:form=data,threshold=0.1,count=total", kSeed);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double help = helps[i * k + j], own_help = helps[j * k + j];
      if (i == j) {
        EXPECT_EQ(own.graph(i, j), 1);
        continue;
      }
      // Whole steps: 1 in T >= 111 of both runs; curvature: |A_ij - A_jj| / 4 < 0.5 %.
      const double edge = own.graph(i, j);
      EXPECT_NEAR(edge / (1 - edge), help / own_help, 0.05 * (1 + help / own_help));
      EXPECT_NEAR(total.graph(i, j), (help - own_help) / (help + own_help), 0.03);
    }
  }
}

}  // namespace
}  // namespace skillit
