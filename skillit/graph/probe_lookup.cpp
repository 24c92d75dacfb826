#include "skillit/graph/probe_lookup.h"

#include <fmt/core.h>

#include <cmath>

#include "skillit/base/error.h"

namespace skillit {
namespace {

void check_record(const ProbeRecord& record, std::size_t num_skills) {
  const auto refuse = [&](const std::string& what) {
    fail(ErrorCode::kBadArgument, fmt::format("probe {}: {}", probe_key(record.spec), what));
  };
  if (record.evaluations.empty() || record.steps.size() != record.evaluations.size()) {
    refuse(
        fmt::format("{} steps and {} evaluations found; as many of both, and at least one, "
                    "were expected",
                    record.steps.size(), record.evaluations.size()));
  }
  if (record.steps[0] != 0) {
    refuse(
        fmt::format("the first evaluation is at step {}; one before training (step 0) was "
                    "expected",
                    record.steps[0]));
  }
  for (std::size_t e = 0; e < record.steps.size(); ++e) {
    if (e > 0 && record.steps[e] <= record.steps[e - 1])
      refuse(fmt::format("step {} follows step {}", record.steps[e], record.steps[e - 1]));
    if (record.evaluations[e].size() != num_skills) {
      refuse(
          fmt::format("the evaluation at step {} has {} losses, but there are {} evaluation "
                      "skills",
                      record.steps[e], record.evaluations[e].size(), num_skills));
    }
  }
}

}  // namespace

ProbeLookup::ProbeLookup(const ProbeResults& results, SkillSet eval_skills)
    : results_(results), eval_skills_(std::move(eval_skills)) {
  columns_.reserve(eval_skills_.size());
  for (const std::string& name : eval_skills_.names())
    columns_.push_back(results.eval_skills.index_of(name, "skills that the probes measured"));
  for (std::size_t r = 0; r < results.records.size(); ++r) {
    check_record(results.records[r], results.eval_skills.size());
    const std::string key = probe_key(results.records[r].spec);
    if (!by_key_.emplace(key, r).second) {
      fail(ErrorCode::kBadArgument,
           fmt::format("probe {}: is there twice among the results; keep one", key));
    }
  }
}

bool ProbeLookup::contains(const ProbeSpec& probe) const {
  return by_key_.contains(probe_key(probe));
}

const ProbeRecord& ProbeLookup::find(const ProbeSpec& probe) const {
  const std::string key = probe_key(probe);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    fail(ErrorCode::kNotFound,
         fmt::format("probe {}: is not among the {} results; run it first", key, by_key_.size()));
  }
  return results_.records[found->second];
}

std::size_t ProbeLookup::evaluation_at(const ProbeRecord& record, std::uint64_t step) {
  const std::size_t last = record.steps.size() - 1;
  if (step == 0 && last > 0) return last;
  for (std::size_t e = 1; e <= last; ++e) {
    if (record.steps[e] == step) return e;
  }
  const std::string wanted = step == 0 ? "after step 0" : fmt::format("at step {}", step);
  fail(ErrorCode::kBadArgument,
       fmt::format("probe {}: has no evaluation {}; {} were made, the last at step {}",
                   probe_key(record.spec), wanted, record.steps.size(), record.steps[last]));
}

double ProbeLookup::loss(const ProbeRecord& record, std::size_t evaluation,
                         std::size_t eval) const {
  const double value = record.evaluations[evaluation][columns_[eval]];
  if (!std::isfinite(value)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("probe {}: the loss of '{}' at step {} is {}; a measured, finite loss was "
                     "expected (evaluate every skill, lower the learning rate if it diverged)",
                     probe_key(record.spec), eval_skills_[eval], record.steps[evaluation], value));
  }
  return value;
}

}  // namespace skillit
