#pragma once

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/graph/learner.h"

namespace skillit::testing {

/// The one line that `call` refuses with.
template <class Call>
std::string refusal_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("\n")));
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

/// A run on `names` in equal shares: the losses of each evaluation, at steps 0, 10, 20, ...
inline ProbeRecord run_on(const std::vector<std::string>& names,
                          const std::vector<std::vector<double>>& losses, std::uint64_t seed = 0) {
  ProbeRecord record;
  record.spec = make_equal_probe(names, seed);
  for (std::size_t e = 0; e < losses.size(); ++e) {
    record.steps.push_back(10 * e);
    record.evaluations.push_back({losses[e]});
  }
  return record;
}

inline std::vector<double> weights_of(const SkillGraph& graph) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i)
    weights.insert(weights.end(), graph.row(i).begin(), graph.row(i).end());
  return weights;
}

inline SkillSet numbered_skills(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("skill" + std::to_string(i));
  return SkillSet(names);
}

/// A world in which the paper's model of the dynamics is true: a step on mixture p turns L_j into
/// L_j (1 - sum_i p_i A_ij). Every evaluation adds independent normal noise.
struct LinearWorld {
  SkillSet skills;              ///< Trained and evaluated.
  std::vector<double> helps;    ///< A, row-major.
  double start = 2;             ///< L_j before training, of every skill.
  double noise = 0;             ///< Standard deviation, in nats.
  std::uint64_t num_steps = 1;  ///< Of a probe; evaluated before training and at the end.
  bool every_step = false;      ///< Evaluated after every step too.

  [[nodiscard]] double factor(const ProbeSpec& probe, std::size_t j) const {
    double help = 0;
    for (const auto& [name, share] : probe.shares)
      help += share * helps[skills.index_of(name, "world") * skills.size() + j];
    return 1 - help;
  }
  [[nodiscard]] ProbeRecord run(const ProbeSpec& probe) const {
    Rng rng(probe.seed, probe_key(probe));
    std::vector<double> losses(skills.size(), start);
    ProbeRecord record{probe, {}, {}};
    const auto evaluate = [&](std::uint64_t step) {
      record.steps.push_back(step);
      record.evaluations.emplace_back();
      for (const double loss : losses)
        record.evaluations.back().values.push_back(loss + noise * rng.normal());
    };
    evaluate(0);
    for (std::uint64_t step = 1; step <= num_steps; ++step) {
      for (std::size_t j = 0; j < skills.size(); ++j) losses[j] *= factor(probe, j);
      if (every_step || step == num_steps) evaluate(step);
    }
    return record;
  }
  [[nodiscard]] LearnedGraph learn(std::string_view spec, std::span<const std::uint64_t> seeds,
                                   const GraphProcessing& processing = {}) const {
    const auto learner = make_learner(spec);
    ProbeResults results{skills, {}};
    for (const ProbeSpec& probe : plan_probes(*learner, skills, skills, seeds).probes)
      results.records.push_back(run(probe));
    return learn_graph(*learner, skills, skills, seeds, results, processing);
  }
};

}  // namespace skillit::testing
