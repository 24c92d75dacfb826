#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "skillit/graph/probe_plan.h"

namespace skillit {

/// Finds a run among results, and reads its losses by evaluation skill. Borrows the results: they
/// must outlive it.
class ProbeLookup {
 public:
  /// @throws Error kMismatch when an evaluation skill was not measured, kBadArgument when a record
  /// has no evaluations, they do not begin at step 0, are out of order, or of another size; or when
  /// a run is there twice.
  ProbeLookup(const ProbeResults& results, SkillSet eval_skills);

  [[nodiscard]] const SkillSet& eval_skills() const noexcept { return eval_skills_; }
  [[nodiscard]] bool contains(const ProbeSpec& probe) const;
  /// @throws Error kNotFound naming the run.
  [[nodiscard]] const ProbeRecord& find(const ProbeSpec& probe) const;

  /// Index of the evaluation made at `step`; 0 stands for the last. @throws Error kBadArgument with
  /// the last step when there is none, or when nothing was measured after step 0.
  [[nodiscard]] static std::size_t evaluation_at(const ProbeRecord& record, std::uint64_t step);
  /// Loss of skill `eval` (an id of eval_skills()). @throws Error kBadArgument when it is NaN or
  /// infinite, naming run, skill and step.
  [[nodiscard]] double loss(const ProbeRecord& record, std::size_t evaluation,
                            std::size_t eval) const;

 private:
  const ProbeResults& results_;
  SkillSet eval_skills_;
  std::vector<std::size_t> columns_;  ///< Place in the results of each evaluation skill.
  std::unordered_map<std::string, std::size_t> by_key_;
};

}  // namespace skillit
