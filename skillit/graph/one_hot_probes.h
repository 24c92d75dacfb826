#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "skillit/graph/probe_lookup.h"
#include "skillit/graph/probe_plan.h"
#include "skillit/skill/skill_set.h"

namespace skillit {

/// The option `at_step` as a step. @throws Error kBadArgument when negative; `learner` begins the
/// message.
[[nodiscard]] std::uint64_t checked_step(int at_step, std::string_view learner);

/// The run on each training skill alone.
[[nodiscard]] std::vector<ProbeSpec> one_hot_probes(const SkillSet& train_skills,
                                                    std::uint64_t seed);

/// value(before, after, j) for the run on each training skill alone and each evaluation skill j,
/// row-major: losses before training and at `at_step` (0 = the last evaluation). @throws Error as
/// ProbeLookup.
template <class Value>
[[nodiscard]] std::vector<double> one_hot_edges(const SkillSet& train_skills,
                                                const ProbeLookup& results, std::uint64_t seed,
                                                std::uint64_t at_step, const Value& value) {
  const std::size_t num_eval = results.eval_skills().size();
  std::vector<double> edges;
  edges.reserve(train_skills.size() * num_eval);
  for (const std::string& name : train_skills.names()) {
    const ProbeRecord& record = results.find(make_equal_probe({name}, seed));
    const std::size_t end = ProbeLookup::evaluation_at(record, at_step);
    for (std::size_t j = 0; j < num_eval; ++j)
      edges.push_back(value(results.loss(record, 0, j), results.loss(record, end, j), j));
  }
  return edges;
}

}  // namespace skillit
