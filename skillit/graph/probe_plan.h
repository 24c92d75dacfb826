#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "skillit/skill/skill_losses.h"
#include "skillit/skill/skill_set.h"

namespace skillit {

/// One short run that a learner asks for: what it trains on, and its seed. What all runs of a plan
/// share (base model, steps, batch size, learning rate) is the runner's, which adds it to the
/// identity of what it stores. Make it with make_probe(), so that equal runs are equal values.
struct ProbeSpec {
  /// Trained skills by name, sorted; shares > 0 that sum to 1. A skill that is not trained on is
  /// not named, so that a probe of some skills stays the same when others come or go.
  std::vector<std::pair<std::string, double>> shares;
  std::uint64_t seed = 0;

  friend bool operator==(const ProbeSpec&, const ProbeSpec&) = default;
};

/// Sorts, drops zeros and divides by the sum. @throws Error kBadArgument on a name given twice, a
/// negative, NaN or infinite weight, or a sum of zero.
[[nodiscard]] ProbeSpec make_probe(std::vector<std::pair<std::string, double>> weights,
                                   std::uint64_t seed);
/// The run on each of `names` in equal shares.
[[nodiscard]] ProbeSpec make_equal_probe(const std::vector<std::string>& names, std::uint64_t seed);

/// One line that tells this run from every other: "a" 0.5 + "b" 0.5, seed 3. Quotes in a name are
/// escaped, shares written so that they read back as the same number.
[[nodiscard]] std::string probe_key(const ProbeSpec& probe);

/// What one run measured.
struct ProbeRecord {
  ProbeSpec spec;
  std::vector<std::uint64_t> steps;      ///< Of each evaluation, increasing; the first is 0.
  std::vector<SkillLosses> evaluations;  ///< By ProbeResults::eval_skills.
};

/// What a plan's runs measured, in any order; more runs than a learner needs do no harm.
struct ProbeResults {
  SkillSet eval_skills;  ///< Of every evaluation in `records`.
  std::vector<ProbeRecord> records;
};

/// Runs to make, each once, in the order in which learners asked for them.
struct ProbePlan {
  std::vector<ProbeSpec> probes;

  friend bool operator==(const ProbePlan&, const ProbePlan&) = default;
};

/// All probes of both, without repeats: what two learners share is run once.
[[nodiscard]] ProbePlan merge_plans(const ProbePlan& first, const ProbePlan& second);
/// What of the plan is not among `done` yet. After a skill was added that is its row and column.
[[nodiscard]] ProbePlan missing_probes(const ProbePlan& plan, std::span<const ProbeSpec> done);

/// What a plan costs when each run takes `steps_per_run` steps of `tokens_per_step` tokens.
struct PlanCost {
  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  std::uint64_t tokens = 0;
};
/// @throws Error kBadArgument when a number does not fit 64 bits.
[[nodiscard]] PlanCost plan_cost(const ProbePlan& plan, std::uint64_t steps_per_run,
                                 std::uint64_t tokens_per_step);

/// One line per probe, its probe_key().
[[nodiscard]] std::string plan_text(const ProbePlan& plan);

}  // namespace skillit
