#include "skillit/select/share_limits.h"

#include <algorithm>
#include <cmath>

#include "selector_test_helpers.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

using testing::expect_near;
using ::testing::HasSubstr;
using testing::message_of;

Mixture shares(const std::vector<double>& weights) {
  return Mixture::from_weights(weights);
}
ShareLimits box(std::size_t k, double low, double high) {
  return {std::vector<double>(k, low), std::vector<double>(k, high)};
}

TEST(ShareLimits, a_mixture_within_them_keeps_its_bits) {
  const Mixture wanted = shares({.1, .2, .7});
  ShareLimits limits = box(3, .1, .7);
  EXPECT_EQ(project_mixture(wanted, limits), wanted);
  limits.max_kl = 1;
  limits.prior = Mixture::uniform(3);
  EXPECT_EQ(project_mixture(wanted, limits), wanted);
}

// Floor .2: skill 1 gets it, the others keep their ratio .24 : .7 of the .8 that is left.
TEST(ShareLimits, a_floor_is_paid_for_by_the_others_in_proportion) {
  expect_near(project_mixture(shares({.06, .24, .7}), box(3, .2, 1)),
              {.2, .8 * .24 / .94, .8 * .7 / .94}, 1e-14);
}

// The first round of proportions puts skill 2 below the floor as well.
TEST(ShareLimits, a_skill_that_pays_for_a_floor_stops_at_its_own) {
  expect_near(project_mixture(shares({.01, .21, .78}), box(3, .2, 1)), {.2, .2, .6}, 1e-14);
}

// Cap .5: .4 to share as .1 : .2, of which skill 2 may take all: .1 + .4 / 3, .2 + .8 / 3.
TEST(ShareLimits, what_a_cap_frees_goes_to_the_others_in_proportion) {
  expect_near(project_mixture(shares({.1, .2, .7}), box(3, 0, .5)), {.5 / 3, 1. / 3, .5}, 1e-14);
}

TEST(ShareLimits, floor_and_cap_at_once) {
  expect_near(project_mixture(shares({.01, .09, .2, .7}), box(4, .05, .5)),
              {.05, .45 * .09 / .29, .45 * .2 / .29, .5}, 1e-14);
}

TEST(ShareLimits, a_share_of_zero_gets_what_nobody_else_may_take) {
  expect_near(project_mixture(shares({0, 0, 1}), box(3, 0, .5)), {.25, .25, .5}, 1e-14);
  expect_near(project_mixture(shares({0, .2, .8}), box(3, .1, 1)), {.1, .18, .72}, 1e-14);
}

TEST(ShareLimits, shares_smaller_than_any_ratio_a_double_can_hold) {
  const Mixture wanted = Mixture::from_logits(std::vector<double>{-700, 0, -1000});
  expect_near(project_mixture(wanted, box(3, 0, .5)), {.5, .5, 0}, 1e-12);
}

// Two skills: the mixture on the way to the prior whose entropy relative to it is the limit; by
// bisection over the share itself.
TEST(ShareLimits, max_kl_is_kept_with_equality) {
  ShareLimits limits = box(2, 0, 1);
  limits.prior = shares({.3, .7});
  limits.max_kl = .2;
  double low = .3, high = .95;
  for (int i = 0; i < 200; ++i) {
    const double q = (low + high) / 2;
    const double kl = q * std::log(q / .3) + (1 - q) * std::log((1 - q) / .7);
    (kl > .2 ? high : low) = q;
  }
  expect_near(project_mixture(shares({.95, .05}), limits), {low, 1 - low}, 1e-9);
  limits.max_kl = 0;  // A share off by 1e-8 changes the entropy by less than its rounding.
  expect_near(project_mixture(shares({.95, .05}), limits), {.3, .7}, 1e-8);
}

TEST(ShareLimits, limits_at_odds_are_refused_with_the_reason) {
  const auto refusal = [](const ShareLimits& limits) {
    return message_of([&] { (void)project_mixture(Mixture::uniform(3), limits, "here"); });
  };
  EXPECT_THAT(refusal(box(3, .4, 1)), HasSubstr("here: the least shares sum to 1.2"));
  EXPECT_THAT(refusal(box(3, 0, .3)), HasSubstr("here: the largest shares allowed sum to 0.9"));
  ShareLimits near_prior = box(3, .2, 1);
  near_prior.max_kl = .01;
  near_prior.prior = shares({1, 1, 98});
  EXPECT_THAT(refusal(near_prior), HasSubstr("no mixture is nearer to the prior than"));
  near_prior.prior = shares({0, 1, 1});
  EXPECT_THAT(refusal(near_prior), HasSubstr("the prior gives it none"));
}

struct Problem {
  Mixture wanted;
  ShareLimits limits;
};

Problem random_problem(Rng& rng) {
  const auto k = 2 + static_cast<std::size_t>(rng.uniform() * 7);
  Problem problem{{}, box(k, 0, 1)};
  std::vector<double> wanted, prior, inside;
  for (std::size_t i = 0; i < k; ++i) {
    wanted.push_back(rng.uniform() < .2 ? 0 : std::exp(8 * rng.uniform()));
    prior.push_back(.1 + rng.uniform());
    inside.push_back(.01 + rng.uniform());
  }
  wanted[0] += 1;
  problem.wanted = shares(wanted);
  problem.limits.prior = shares(prior);
  const Mixture allowed = shares(inside);  // So that there is one.
  for (std::size_t i = 0; i < k; ++i) {
    problem.limits.low[i] = rng.uniform() < .3 ? 0 : allowed[i] * rng.uniform();
    problem.limits.high[i] =
        rng.uniform() < .3 ? 1 : allowed[i] + (1 - allowed[i]) * .3 * rng.uniform();
  }
  if (rng.uniform() < .5) {
    problem.limits.max_kl =
        relative_entropy(allowed, problem.limits.prior) * (1 + rng.uniform()) + 1e-3;
  }
  return problem;
}

/// Whether moving `amount` from skill a to skill b stays within the limits.
bool allowed(const Mixture& m, const ShareLimits& limits, std::size_t a, std::size_t b,
             double amount, Mixture& moved) {
  std::vector<double> weights = m.shares();
  weights[a] -= amount;
  weights[b] += amount;
  if (weights[a] < limits.low[a] || weights[b] > limits.high[b]) return false;
  moved = shares(weights);
  return std::isinf(limits.max_kl) || relative_entropy(moved, limits.prior) <= limits.max_kl;
}

// The problem is convex, so that what no exchange between two skills improves (and none between
// three, when max_kl binds, which the equality test above looks at) is the nearest.
TEST(ShareLimits, random_problems_are_feasible_and_no_exchange_is_nearer) {
  Rng rng(5);
  int moves = 0;
  for (int repeat = 0; repeat < 2000; ++repeat) {
    const auto [wanted, limits] = random_problem(rng);
    const Mixture held = project_mixture(wanted, limits);
    double sum = 0;
    for (std::size_t i = 0; i < held.size(); ++i) {
      EXPECT_GE(held[i], limits.low[i] - 1e-10);
      EXPECT_LE(held[i], limits.high[i] + 1e-10);
      sum += held[i];
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    if (std::isfinite(limits.max_kl)) {
      EXPECT_LE(relative_entropy(held, limits.prior), limits.max_kl + 1e-10);
    }
    const double distance = relative_entropy(held, wanted);
    if (std::isinf(distance)) continue;
    for (std::size_t a = 0; a < held.size(); ++a) {
      for (std::size_t b = 0; b < held.size(); ++b) {
        Mixture moved;
        if (a == b || held[a] < 1e-4 || !allowed(held, limits, a, b, 1e-5, moved)) continue;
        ++moves;
        EXPECT_GE(relative_entropy(moved, wanted), distance - 1e-12);
      }
    }
  }
  EXPECT_GT(moves, 5000);
}

}  // namespace
}  // namespace skillit
