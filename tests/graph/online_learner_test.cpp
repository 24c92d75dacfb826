#include "skillit/graph/online_learner.h"

#include <cmath>

#include "tests/graph/graph_test_helpers.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::numbered_skills;
using ::testing::Pointwise;
using testing::refusal_of;
using testing::weights_of;

const SkillSet kTwo({"a", "b"});

Mixture mix(const std::vector<double>& weights) {
  return Mixture::from_weights(weights);
}

/// Rounds on a alone and on b alone. Shares lost: a 1/2, then 0; b 1/4, then 1/3.
RunRounds two_rounds() {
  return {0, {mix({1, 0}), mix({0, 1})}, {{{4, 4}}, {{2, 3}}, {{2, 2}}}};
}

/// Rounds of random mixtures in the world L_j' = L_j (1 - sum_i p_i A_ij) (1 + noise).
RunRounds random_run(const std::vector<double>& helps, std::size_t k, std::size_t rounds,
                     double noise, std::uint64_t seed) {
  Rng rng(seed, "rounds");
  RunRounds run{seed, {}, {{std::vector<double>(k, 2.0)}}};
  for (std::size_t r = 0; r < rounds; ++r) {
    std::vector<double> weights(k);
    for (double& weight : weights) weight = rng.uniform();
    run.delivered.push_back(mix(weights));
    SkillLosses next = run.losses.back();
    for (std::size_t j = 0; j < k; ++j) {
      double help = 0;
      for (std::size_t i = 0; i < k; ++i) help += run.delivered.back()[i] * helps[i * k + j];
      next.values[j] *= 1 - help + noise * rng.normal();
    }
    run.losses.push_back(next);
  }
  return run;
}

std::vector<double> random_helps(std::size_t k) {
  Rng rng(1, "helps");
  std::vector<double> helps(k * k);
  for (double& help : helps) help = 0.2 * rng.uniform() - 0.05;
  return helps;
}

TEST(FitOnline, rounds_on_one_skill_each_give_its_row) {
  const RunRounds run = two_rounds();
  const OnlineGraph fit = fit_online(kTwo, kTwo, {&run, 1}, {});
  EXPECT_THAT(weights_of(fit.learned.graph),
              Pointwise(DoubleNear(1e-14), {0.5, 0.25, 0.0, 1.0 / 3}));
  EXPECT_EQ(fit.rank, 2u);
  EXPECT_THAT(fit.evidence, ElementsAre(1, 1));
  EXPECT_EQ(fit.learned.edge(0, 0).n, 1);
}

TEST(FitOnline, drops_can_be_taken_in_nats) {
  const RunRounds run = two_rounds();
  const OnlineGraph fit = fit_online(kTwo, kTwo, {&run, 1}, {.relative = false});
  EXPECT_THAT(weights_of(fit.learned.graph), Pointwise(DoubleNear(1e-14), {2.0, 1.0, 0.0, 1.0}));
}

TEST(FitOnline, the_ridge_draws_every_row_towards_the_prior) {
  const RunRounds run = two_rounds();
  // A round on one skill has weight 1: with ridge 1, half rounds and half prior.
  const SkillGraph prior(kTwo, kTwo, {1, 1, 1, 1});
  const OnlineGraph fit = fit_online(kTwo, kTwo, {&run, 1}, {.ridge = 1}, prior);
  EXPECT_THAT(weights_of(fit.learned.graph),
              Pointwise(DoubleNear(1e-14), {0.75, 0.625, 0.5, 2.0 / 3}));
  EXPECT_THAT(fit.evidence, Pointwise(DoubleNear(1e-14), {0.5, 0.5}));
}

TEST(FitOnline, what_no_round_trained_stays_the_prior) {
  RunRounds run = two_rounds();
  run.delivered.pop_back();
  run.losses.pop_back();
  const SkillGraph prior(kTwo, kTwo, {1, 1, 7, 8});
  const OnlineGraph fit = fit_online(kTwo, kTwo, {&run, 1}, {.ridge = 1}, prior);
  EXPECT_THAT(weights_of(fit.learned.graph), Pointwise(DoubleNear(1e-14), {0.75, 0.625, 7.0, 8.0}));
  EXPECT_EQ(fit.rank, 1u);
  EXPECT_THAT(fit.evidence, Pointwise(DoubleNear(1e-14), {0.5, 0.0}));
}

TEST(FitOnline, the_prior_is_matched_by_name) {
  RunRounds run = two_rounds();
  const SkillSet turned({"b", "a"});
  const SkillGraph prior(turned, kTwo, {7, 8, 1, 1});
  const SkillGraph same(kTwo, kTwo, {1, 1, 7, 8});
  EXPECT_EQ(fit_online(kTwo, kTwo, {&run, 1}, {.ridge = 1}, prior).learned.graph,
            fit_online(kTwo, kTwo, {&run, 1}, {.ridge = 1}, same).learned.graph);
  const SkillGraph other(SkillSet({"a", "c"}), kTwo, {1, 1, 1, 1});
  EXPECT_THAT(refusal_of([&] {
                (void)fit_online(kTwo, kTwo, {&run, 1}, {.ridge = 1}, other);
              }),
              HasSubstr("prior graph"));
}

TEST(FitOnline, few_and_many_rounds_are_solved_alike) {
  // Five rounds of five skills take one form, the same five with an empty one the other: a skill
  // that is never trained changes nothing.
  const std::size_t k = 5;
  const RunRounds run = random_run(random_helps(k), k, 5, 0, 3);
  const SkillSet skills = numbered_skills(k);
  RunRounds wider = run;
  for (Mixture& mixture : wider.delivered) {
    std::vector<double> shares = mixture.shares();
    shares.push_back(0);
    mixture = mix(shares);
  }
  const auto by_skills = fit_online(skills, skills, {&run, 1}, {.ridge = 0.01});
  const auto by_rounds = fit_online(numbered_skills(k + 1), skills, {&wider, 1}, {.ridge = 0.01});
  for (std::size_t i = 0; i < k; ++i) {
    EXPECT_NEAR(by_skills.evidence[i], by_rounds.evidence[i], 1e-11);
    for (std::size_t j = 0; j < k; ++j)
      EXPECT_NEAR(by_skills.learned.graph(i, j), by_rounds.learned.graph(i, j), 1e-11);
  }
}

TEST(FitOnline, a_linear_world_is_recovered) {
  const std::size_t k = 6;
  const std::vector<double> helps = random_helps(k);
  const SkillSet skills = numbered_skills(k);
  const RunRounds exact = random_run(helps, k, 12, 0, 1);
  EXPECT_THAT(weights_of(fit_online(skills, skills, {&exact, 1}, {}).learned.graph),
              Pointwise(DoubleNear(1e-12), helps));
  // 60 rounds with noise of 0.005: shares vary by about 0.09, so an edge is known to about
  // 0.005 / (0.09 sqrt(60)) = 0.007 a seed, 0.0036 over four; five of them.
  std::vector<RunRounds> noisy;
  for (const std::uint64_t seed : {1, 2, 3, 4})
    noisy.push_back(random_run(helps, k, 60, 0.005, seed));
  const OnlineGraph fit = fit_online(skills, skills, noisy, {});
  for (std::size_t e = 0; e < helps.size(); ++e) {
    EXPECT_EQ(fit.learned.edges[e].n, 4);
    EXPECT_NEAR(fit.learned.edges[e].mean, helps[e], 0.018);
  }
}

TEST(FitOnline, runs_of_one_seed_are_put_together) {
  const RunRounds both = two_rounds();
  const std::vector<RunRounds> apart{{0, {both.delivered[0]}, {both.losses[0], both.losses[1]}},
                                     {0, {both.delivered[1]}, {both.losses[1], both.losses[2]}}};
  EXPECT_EQ(fit_online(kTwo, kTwo, apart, {}).learned.graph,
            fit_online(kTwo, kTwo, {&both, 1}, {}).learned.graph);
}

TEST(FitOnline, mixtures_that_never_vary_identify_nothing) {
  const std::vector<double> even{0.5, 0.5};
  const RunRounds run{3, {mix(even), mix(even)}, {{{4, 4}}, {{3, 3}}, {{2, 2}}}};
  EXPECT_THAT(
      refusal_of([&] {
        (void)fit_online(kTwo, kTwo, {&run, 1}, {});
      }),
      AllOf(HasSubstr("seed 3"), HasSubstr("1 independent mixtures, but 2"), HasSubstr("ridge")));
  // What is too little to tell from the losses is no variation.
  RunRounds rounded = run;
  rounded.delivered[1] = mix({0.5005, 0.4995});
  EXPECT_THAT(refusal_of([&] {
                (void)fit_online(kTwo, kTwo, {&rounded, 1}, {});
              }),
              HasSubstr("1 independent"));
  // Nor are whole samples: 26 and 27 of 53.
  const double odd = 26.0 / 53;
  RunRounds whole{3, {mix({odd, 1 - odd}), mix({1 - odd, odd})}, run.losses, 0};
  EXPECT_EQ(fit_online(kTwo, kTwo, {&whole, 1}, {}).rank, 2u);
  whole.least_share = 1.0 / 53;
  EXPECT_THAT(refusal_of([&] {
                (void)fit_online(kTwo, kTwo, {&whole, 1}, {});
              }),
              HasSubstr("1 independent"));
  EXPECT_EQ(fit_online(kTwo, kTwo, {&run, 1}, {.ridge = 1}).rank, 1u);
}

TEST(FitOnline, bad_runs_are_refused) {
  const auto refusal = [](const auto& change) {
    RunRounds run = two_rounds();
    change(run);
    return refusal_of([&] { (void)fit_online(kTwo, kTwo, {&run, 1}, {}); });
  };
  EXPECT_THAT(refusal([](RunRounds& r) { r.losses.pop_back(); }),
              HasSubstr("2 rounds and 2 evaluations"));
  EXPECT_THAT(refusal([](RunRounds& r) { r.losses[1].values[1] = std::nan(""); }),
              AllOf(HasSubstr("'b' after 1 rounds"), HasSubstr("nan")));
  EXPECT_THAT(refusal([](RunRounds& r) { r.losses[0].values[0] = 0; }),
              HasSubstr("relative=false"));
  EXPECT_THAT(refusal([](RunRounds& r) { r.losses[2].values.pop_back(); }),
              HasSubstr("has 1 losses"));
  EXPECT_THAT(refusal([](RunRounds& r) { r.delivered[0] = mix({1}); }), HasSubstr("has 1 shares"));
  EXPECT_THAT(refusal([](RunRounds& r) { r.delivered.clear(); }), HasSubstr("no rounds"));
}

TEST(FitOnline, its_options_are_read_from_a_spec) {
  EXPECT_EQ(parse_online_spec("online:ridge=0.25,relative=false").ridge, 0.25);
  EXPECT_FALSE(parse_online_spec("online:relative=false").relative);
  EXPECT_THAT(refusal_of([] { (void)parse_online_spec("approximate"); }), HasSubstr("'online'"));
  const RunRounds run = two_rounds();
  EXPECT_THAT(refusal_of([&] {
                (void)fit_online(kTwo, kTwo, {&run, 1}, {.ridge = -1});
              }),
              HasSubstr("ridge is -1"));
}

}  // namespace
}  // namespace skillit
