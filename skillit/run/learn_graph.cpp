#include "skillit/run/learn_graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "skillit/base/error.h"
#include "skillit/config/dump.h"
#include "skillit/graph/gradient_learner.h"
#include "skillit/graph/online_learner.h"
#include "skillit/record/run_reader.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/skill_gradients.h"

namespace skillit {
namespace {

constexpr std::size_t kMostNamed = 8;  ///< Skills in a message.

/// "a, b and 3 more".
std::string names_text(std::vector<std::string> names) {
  const std::size_t more = names.size() - std::min(names.size(), kMostNamed);
  names.resize(names.size() - more);
  return fmt::format("{}{}", fmt::join(names, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

/// "width: 64; layers: 6" of a line each.
std::string on_one_line(const std::string& lines) {
  std::string text;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    text += (text.empty() ? "" : "; ") + lines.substr(begin, end - begin);
    begin = end + 1;
  }
  return text;
}

std::vector<std::uint64_t> seeds_of(const Recipe& recipe) {
  return {recipe.learn.seeds.begin(), recipe.learn.seeds.end()};
}

/// What decides what a skill is, whatever the seed, by name of the note: its validation samples
/// where it is evaluated; its training samples where it is trained on, unless they are drawn anew
/// for each seed.
std::map<std::string, std::string> skill_contents(const Recipe& recipe, const Dataset& data) {
  std::map<std::string, std::string> notes;
  for (std::size_t j = 0; j < data.eval_skills.size(); ++j)
    notes["validation samples of " + data.eval_skills[j]] = data.validation[j].fingerprint();
  for (std::size_t i = 0; i < data.train_skills.size() && !recipe.data.draws_by_seed(); ++i)
    notes["training samples of " + data.train_skills[i]] = data.train[i].fingerprint();
  return notes;
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
  notes["model"] = on_one_line(config::dump_yaml(recipe.model));
  notes["optimizer"] = on_one_line(config::dump_yaml(recipe.optimizer));
  notes.merge(skill_contents(recipe, data));
}

/// What a finished run recorded about its rounds, in the order of the recipe's skills. @throws
/// Error when the run has other skills, or measured them on other samples.
RunRounds rounds_of(const RunRecord& run, const Dataset& data, const std::string& where) {
  const Manifest& manifest = run.manifest;
  const auto train = match_names(data.train_skills, SkillSet(manifest.train_skills, where),
                                 "the recipe's training skills", where);
  const auto eval = match_names(data.eval_skills, SkillSet(manifest.eval_skills, where),
                                "the recipe's evaluation skills", where);
  for (std::size_t j = 0; j < data.eval_skills.size(); ++j) {
    const auto note = manifest.fingerprints.find("validation of " + data.eval_skills[j]);
    if (note == manifest.fingerprints.end() || note->second == data.validation[j].fingerprint())
      continue;
    fail(
        ErrorCode::kMismatch,
        fmt::format("{}: measured '{}' on other samples than the recipe's; give the learner online "
                    "the recipe that the runs were made with",
                    where, data.eval_skills[j]));
  }
  RunRounds rounds{manifest.seed, {}, {}, 0};
  std::vector<std::uint64_t> before(train.size(), 0);
  std::size_t next = 0;
  const auto add_losses = [&](std::uint64_t step) {
    while (next < run.evaluations.size() && run.evaluations[next].step < step) ++next;
    if (next == run.evaluations.size() || run.evaluations[next].step != step)
      fail(ErrorCode::kBadFormat, fmt::format("{}: no evaluation at step {}", where, step));
    SkillLosses& losses = rounds.losses.emplace_back();
    for (const std::size_t id : eval)
      losses.values.push_back(run.evaluations[next].losses.values[id]);
  };
  for (const RoundRecord& round : run.rounds) {
    std::vector<double> delivered;
    for (const std::size_t id : train)
      delivered.push_back(static_cast<double>(round.delivered[id] - before[id]));
    before = round.delivered;
    add_losses(round.first_step);
    const double samples = std::accumulate(delivered.begin(), delivered.end(), 0.0);
    rounds.least_share = std::max(rounds.least_share, 1 / samples);
    rounds.delivered.push_back(Mixture::from_weights(delivered));
  }
  add_losses(manifest.steps);
  return rounds;
}

/// How far the rounds tell the skills apart, in words.
std::string identified_text(const OnlineGraph& online, std::size_t num_runs, bool has_prior) {
  const SkillSet& skills = online.learned.graph.train_skills();
  std::string text =
      fmt::format("graph: fitted {} runs; they delivered {} independent mixtures of {} skills{}",
                  num_runs, online.rank, skills.size(),
                  online.rank < skills.size() ? ", too few to tell all rows apart" : "");
  std::vector<std::string> weak;
  for (std::size_t i = 0; i < skills.size(); ++i) {
    if (online.evidence[i] < 0.5)
      weak.push_back(fmt::format("{} ({:.0f} %)", skills[i], 100 * online.evidence[i]));
  }
  if (weak.empty()) return text;
  return text +
         fmt::format("; less than half of their rows comes from these runs, the rest from {}: {}",
                     has_prior ? "the prior graph" : "0, as no prior graph was given",
                     names_text(std::move(weak)));
}

LearnedGraph fit_study(const Recipe& recipe, const Dataset& data, const std::filesystem::path& runs,
                       StudyObserver& observer) {
  const auto folder = runs / recipe.name;
  std::vector<RunRounds> rounds;
  const bool has_runs = std::filesystem::is_directory(folder);
  for (const auto& path : has_runs ? find_runs(folder) : std::vector<std::filesystem::path>()) {
    const RunRecord run = read_run(path);
    if (run.finished) rounds.push_back(rounds_of(run, data, path.string()));
  }
  if (rounds.empty()) {
    fail(ErrorCode::kNotFound,
         fmt::format("{}: no finished run; the learner online fits the runs of a study, so run "
                     "skillit run {} first",
                     folder.string(), recipe.name));
  }
  const bool has_prior = recipe.graph != "learn" && recipe.graph != "none";
  OnlineGraph online = fit_online(
      data.train_skills, data.eval_skills, rounds, parse_online_spec(recipe.learn.learner),
      has_prior ? find_graph(recipe.graph, recipe.data, data) : std::nullopt,
      parse_graph_processing(recipe.learn.process));
  observer.on_message(identified_text(online, rounds.size(), has_prior));
  for (std::size_t i = 0; i < data.train_skills.size(); ++i)
    online.learned.provenance["evidence for " + data.train_skills[i]] =
        fmt::format("{:.3f}", online.evidence[i]);
  return std::move(online.learned);
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
    const GradientOptions options = parse_gradient_spec(recipe.learn.learner);
    const auto products = measure_skill_gradients(recipe, base, runner, options, observer);
    if (!products) return std::nullopt;
    learned = gradient_graph(data.train_skills, data.eval_skills, *products, options,
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

std::optional<std::string> content_warning(const Recipe& recipe, const LearnedGraph& learned,
                                           const Dataset& data) {
  std::set<std::string> skills;
  for (const auto& [name, content] : skill_contents(recipe, data)) {
    const auto note = learned.provenance.find(name);
    if (note != learned.provenance.end() && note->second != content)
      skills.insert(fmt::format("'{}'", name.substr(name.find(" of ") + 4)));
  }
  if (skills.empty()) return std::nullopt;
  return fmt::format(
      "graph: {} {} learned on other content than this run's; learn the graph anew, or know that "
      "it may not hold",
      names_text({skills.begin(), skills.end()}), skills.size() == 1 ? "was" : "were");
}

}  // namespace skillit
