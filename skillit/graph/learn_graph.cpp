#include <fmt/core.h>
#include <fmt/ranges.h>

#include <set>

#include "skillit/base/error.h"
#include "skillit/graph/edge_accumulator.h"
#include "skillit/graph/learner.h"

namespace skillit {
namespace {

constexpr std::size_t kMostNamed = 3;  ///< Missing runs in a message.

void check_axes(const SkillSet& train, const SkillSet& eval, std::span<const std::uint64_t> seeds) {
  const auto refuse = [](const std::string& what) {
    fail(ErrorCode::kBadArgument, "graph learning: " + what);
  };
  if (train.size() == 0) refuse("there are no training skills");
  if (eval.size() == 0) refuse("there are no evaluation skills");
  if (seeds.empty()) refuse("no seed was given; give at least one, two or more to see the noise");
  std::set<std::uint64_t> seen;
  for (const std::uint64_t seed : seeds) {
    if (!seen.insert(seed).second)
      refuse(fmt::format("seed {} is given twice; a run repeated says nothing new", seed));
  }
}

void check_complete(const ProbePlan& plan, const ProbeLookup& lookup) {
  std::size_t missing = 0;
  std::vector<std::string> first;
  for (const ProbeSpec& probe : plan.probes) {
    if (lookup.contains(probe)) continue;
    if (++missing <= kMostNamed) first.push_back(probe_key(probe));
  }
  if (missing == 0) return;
  fail(ErrorCode::kNotFound,
       fmt::format("graph learning: {} of {} probes are missing ({}{}); run them, or leave their "
                   "seeds or skills out",
                   missing, plan.probes.size(), fmt::join(first, "; "),
                   missing > kMostNamed ? "; ..." : ""));
}

}  // namespace

ProbePlan plan_probes(const GraphLearner& learner, const SkillSet& train_skills,
                      const SkillSet& eval_skills, std::span<const std::uint64_t> seeds) {
  check_axes(train_skills, eval_skills, seeds);
  ProbePlan plan;
  for (const std::uint64_t seed : seeds) {
    for (ProbeSpec& probe : learner.probes(train_skills, eval_skills, seed))
      plan.probes.push_back(std::move(probe));
  }
  return plan;
}

LearnedGraph learn_graph(const GraphLearner& learner, const SkillSet& train_skills,
                         const SkillSet& eval_skills, std::span<const std::uint64_t> seeds,
                         const ProbeResults& results, const GraphProcessing& processing) {
  const ProbePlan plan = plan_probes(learner, train_skills, eval_skills, seeds);
  const ProbeLookup lookup(results, eval_skills);
  check_complete(plan, lookup);
  EdgeAccumulator edges(train_skills.size() * eval_skills.size());
  for (const std::uint64_t seed : seeds) edges.add(learner.edges(train_skills, lookup, seed));
  LearnedGraph learned = process_edges(train_skills, eval_skills, edges.finish(), processing);
  learned.provenance["seeds"] = fmt::format("{}", fmt::join(seeds, ","));
  return learned;
}

}  // namespace skillit
