#include "skillit/run/check_skills.h"

#include <fmt/format.h>

#include "skillit/base/error.h"
#include "skillit/graph/learner.h"

namespace skillit {
namespace {

/// Samples of one skill until its loss was at most `threshold`, when `share` of all samples were
/// its own; nothing = it never was.
std::optional<double> data_to_learn(const ProbeLookup& results, const ProbeRecord& record,
                                    std::size_t skill, double threshold, double samples_per_step) {
  for (std::size_t e = 0; e < record.steps.size(); ++e) {
    if (results.loss(record, e, skill) <= threshold)
      return static_cast<double>(record.steps[e]) * samples_per_step;
  }
  return std::nullopt;
}

SkillVerdict check_alone(const ProbeLookup& results, const Recipe& recipe, std::size_t skill) {
  std::vector<HeldOutLosses> seeds;
  for (const std::int64_t seed : recipe.learn.seeds) {
    const ProbeRecord& record = results.find(
        make_equal_probe({results.eval_skills()[skill]}, static_cast<std::uint64_t>(seed)));
    seeds.push_back(
        {results.loss(record, 0, skill), results.loss(record, record.steps.size() - 1, skill)});
  }
  return is_skill(seeds);
}

EdgeVerdict check_edge(const ProbeLookup& results, const Recipe& recipe, std::size_t from,
                       std::size_t to) {
  const SkillSet& skills = results.eval_skills();
  const auto batch = static_cast<double>(recipe.batch);
  std::vector<DataToLearn> seeds;
  for (const std::int64_t signed_seed : recipe.learn.seeds) {
    const auto seed = static_cast<std::uint64_t>(signed_seed);
    const ProbeRecord& alone = results.find(make_equal_probe({skills[to]}, seed));
    const ProbeRecord& both = results.find(make_equal_probe({skills[from], skills[to]}, seed));
    // "Data" is what was sampled for learning j: of both skills in the pair's case, as Definition
    // 2.2 counts it.
    seeds.push_back({data_to_learn(results, alone, to, recipe.threshold, batch),
                     data_to_learn(results, both, to, recipe.threshold, batch)});
  }
  return is_edge(seeds);
}

}  // namespace

std::optional<SkillCheck> check_recipe_skills(const Recipe& recipe,
                                              const std::filesystem::path& runs,
                                              StudyObserver& observer, const Shard& shard) {
  const auto base = ensure_base_model(recipe, runs, observer);
  if (!base && !recipe.base.empty()) return std::nullopt;
  const ProbeRunner runner(recipe, base, runs);
  const SkillSet& skills = runner.train_skills();
  if (skills != runner.eval_skills()) {
    fail(ErrorCode::kMismatch,
         "graph check: the definitions are about skills that are trained on and evaluated; leave "
         "train_on and evaluate_on alone, or name the same skills in both");
  }
  const std::vector<std::uint64_t> seeds(recipe.learn.seeds.begin(), recipe.learn.seeds.end());
  ProbePlan plan;
  for (const std::uint64_t seed : seeds) {
    for (std::size_t i = 0; i < skills.size(); ++i)
      plan.probes.push_back(make_equal_probe({skills[i]}, seed));
    for (std::size_t i = 0; i < skills.size(); ++i) {
      for (std::size_t j = i + 1; j < skills.size(); ++j)
        plan.probes.push_back(make_equal_probe({skills[i], skills[j]}, seed));
    }
  }
  if (!runner.run(plan, shard, observer) || shard.count > 1) return std::nullopt;
  const ProbeResults measured = runner.collect(plan);
  const ProbeLookup results(measured, skills);
  SkillCheck check{skills, {}, {}, {}};
  std::vector<EdgeVerdict> pairs;
  for (std::size_t i = 0; i < skills.size(); ++i) {
    check.alone.push_back(check_alone(results, recipe, i));
    for (std::size_t j = 0; j < skills.size(); ++j) {
      check.edges.push_back(i == j ? EdgeVerdict{} : check_edge(results, recipe, i, j));
      if (i != j) pairs.push_back(check.edges.back());
    }
  }
  check.order = is_ordered(pairs);
  return check;
}

}  // namespace skillit
