#include "skillit/run/learn_graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "skillit/base/error.h"
#include "skillit/config/dump.h"
#include "skillit/graph/gradient_learner.h"
#include "skillit/graph/online_learner.h"
#include "skillit/record/run_reader.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/skill_gradients.h"

namespace skillit {
namespace {

std::vector<std::uint64_t> seeds_of(const Recipe& recipe) {
  return {recipe.learn.seeds.begin(), recipe.learn.seeds.end()};
}

/// The samples that decide what a skill is, whatever the seed: what is drawn by seed is known by
/// its validation samples, the rest by all.
std::string skill_content(const Recipe& recipe, const Dataset& data, const std::string& skill) {
  std::string content;
  if (const auto j = data.eval_skills.find(skill)) content += data.validation[*j].fingerprint();
  const auto i = data.train_skills.find(skill);
  if (i && !recipe.data.draws_by_seed()) content += data.train[*i].fingerprint();
  return content;
}

void add_provenance(const Recipe& recipe, const Dataset& data, std::int64_t steps,
                    const std::optional<BaseModel>& base, LearnedGraph& learned) {
  auto& notes = learned.provenance;
  notes["learner"] = recipe.learn.learner;
  notes["process"] = recipe.learn.process;
  notes["recipe"] = recipe.name;
  notes["steps"] = std::to_string(steps);
  notes["batch"] = std::to_string(recipe.batch);
  notes["base"] = base ? base->fingerprint : "none";
  notes["model"] = fmt::format("{}", fmt::join(config::diff(recipe.model, GptOptions()), "; "));
  notes["optimizer"] =
      fmt::format("{}", fmt::join(config::diff(recipe.optimizer, OptimizerOptions()), "; "));
  for (const SkillSet* skills : {&data.train_skills, &data.eval_skills}) {
    for (const std::string& skill : skills->names())
      notes["skill " + skill] = skill_content(recipe, data, skill);
  }
}

/// What a finished run recorded about its rounds.
RunRounds rounds_of(const RunRecord& run) {
  RunRounds rounds{run.manifest.seed, {}, {}};
  std::vector<std::uint64_t> before(run.manifest.train_skills.size(), 0);
  std::size_t next = 0;
  const auto losses_at = [&](std::uint64_t step) {
    while (next < run.evaluations.size() && run.evaluations[next].step < step) ++next;
    if (next == run.evaluations.size() || run.evaluations[next].step != step) {
      fail(ErrorCode::kBadFormat, fmt::format("{} seed {}: no evaluation at step {}",
                                              run.manifest.method, run.manifest.seed, step));
    }
    return run.evaluations[next].losses;
  };
  for (std::size_t r = 0; r < run.rounds.size(); ++r) {
    const RoundRecord& round = run.rounds[r];
    std::vector<double> delivered;
    for (std::size_t i = 0; i < before.size(); ++i)
      delivered.push_back(static_cast<double>(round.delivered[i] - before[i]));
    before = round.delivered;
    rounds.losses.push_back(losses_at(round.first_step));
    rounds.delivered.push_back(Mixture::from_weights(delivered));
  }
  rounds.losses.push_back(losses_at(run.manifest.steps));
  return rounds;
}

LearnedGraph fit_study(const Recipe& recipe, const Dataset& data, const std::filesystem::path& runs,
                       StudyObserver& observer) {
  const auto folder = runs / recipe.name;
  std::vector<RunRounds> rounds;
  const bool has_runs = std::filesystem::is_directory(folder);
  for (const auto& path : has_runs ? find_runs(folder) : std::vector<std::filesystem::path>()) {
    const RunRecord run = read_run(path);
    if (!run.finished) continue;
    (void)match_names(data.train_skills, SkillSet(run.manifest.train_skills), "the recipe's skills",
                      path.string());
    rounds.push_back(rounds_of(run));
  }
  if (rounds.empty()) {
    fail(ErrorCode::kNotFound,
         fmt::format("{}: no finished run; the learner online fits the runs of a study, so run "
                     "skillit run {} first",
                     folder.string(), recipe.name));
  }
  const bool has_prior = recipe.graph != "learn" && recipe.graph != "none";
  const OnlineGraph online = fit_online(
      data.train_skills, data.eval_skills, rounds, parse_online_spec(recipe.learn.learner),
      has_prior ? find_graph(recipe.graph, recipe.data, data) : std::nullopt,
      parse_graph_processing(recipe.learn.process));
  observer.on_message(
      fmt::format("graph: fitted {} runs; they delivered {} independent mixtures of {} skills",
                  rounds.size(), online.rank, data.train_skills.size()));
  return online.learned;
}

}  // namespace

ProbePlan recipe_probes(const Recipe& recipe, const Dataset& data) {
  if (learner_input(recipe.learn.learner) != LearnerInput::kProbes) return {};
  return plan_probes(*make_learner(recipe.learn.learner), data.train_skills, data.eval_skills,
                     seeds_of(recipe));
}

std::optional<LearnedGraph> learn_recipe_graph(const Recipe& recipe,
                                               const std::filesystem::path& runs,
                                               StudyObserver& observer, const Shard& shard) {
  const LearnerInput input = learner_input(recipe.learn.learner);
  const auto base = ensure_base_model(recipe, runs, observer);
  if (!base && !recipe.base.empty()) return std::nullopt;
  const ProbeRunner runner(recipe, base, runs);
  const Dataset& data = runner.any_data();
  LearnedGraph learned;
  if (input == LearnerInput::kRuns) {
    learned = fit_study(recipe, data, runs, observer);
  } else if (input == LearnerInput::kGradients) {
    learned = gradient_graph(data.train_skills, data.eval_skills,
                             measure_skill_gradients(recipe, base, runner, observer),
                             parse_gradient_spec(recipe.learn.learner),
                             parse_graph_processing(recipe.learn.process));
  } else {
    const ProbePlan plan = recipe_probes(recipe, data);
    if (!runner.run(plan, shard, observer) || shard.count > 1) return std::nullopt;
    learned = learn_graph(*make_learner(recipe.learn.learner), data.train_skills, data.eval_skills,
                          seeds_of(recipe), runner.collect(plan),
                          parse_graph_processing(recipe.learn.process));
    learned.provenance["probes"] = std::to_string(plan.probes.size());
    if (const auto flops = runner.flops(plan))
      learned.provenance["flops"] = fmt::format("{}", *flops);
  }
  add_provenance(recipe, data, runner.steps(), base, learned);
  return learned;
}

std::vector<std::string> content_warnings(const Recipe& recipe, const LearnedGraph& learned,
                                          const Dataset& data) {
  std::vector<std::string> lines;
  for (const std::string& skill : data.train_skills.names()) {
    const auto note = learned.provenance.find("skill " + skill);
    if (note != learned.provenance.end() && note->second != skill_content(recipe, data, skill)) {
      lines.push_back(fmt::format(
          "graph: '{}' was learned on other content than this run's; learn the graph anew, or "
          "know that it may not hold",
          skill));
    }
  }
  return lines;
}

}  // namespace skillit
