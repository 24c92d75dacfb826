#include "skillit/run/probe_runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/fingerprint.h"
#include "skillit/config/dump.h"
#include "skillit/record/run_folder.h"
#include "skillit/record/run_reader.h"
#include "skillit/report/run_cost.h"
#include "skillit/run/experiment.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/runs_at_once.h"
#include "skillit/run/side_by_side.h"
#include "skillit/run/start_model.h"
#include "skillit/train/checkpoint.h"
#include "skillit/train/evaluator.h"

namespace skillit {
namespace {

constexpr std::size_t kNameLength = 16;  ///< Hexadecimal digits of a folder's name.

bool equal_shares(const ProbeSpec& probe) {
  return std::all_of(probe.shares.begin(), probe.shares.end(), [&probe](const auto& share) {
    return share.second == probe.shares.front().second;
  });
}

/// The method that samples as the probe says, whatever is measured.
std::string method_of(const ProbeSpec& probe) {
  if (equal_shares(probe)) return "stratified";
  std::vector<std::string> shares;
  for (const auto& [name, share] : probe.shares) shares.push_back(fmt::format("{:.17g}", share));
  return fmt::format("static:shares={}", fmt::join(shares, "/"));
}

std::string label_of(const ProbeSpec& probe) {
  std::vector<std::string> names;
  for (const auto& [name, share] : probe.shares) names.push_back(name);
  if (names.size() > 3) return fmt::format("{} skills", names.size());
  return fmt::format("{}", fmt::join(names, "+"));
}

std::string validation_key(const std::string& skill) {
  return "validation of " + skill;
}

std::string name_of(const std::string& content) {
  return fingerprint(content).substr(0, kNameLength);
}

/// Of the evaluation skills, those that the stored run measured on the same samples.
std::vector<std::string> measured_by(const Manifest& manifest, const Dataset& data) {
  std::vector<std::string> names;
  for (std::size_t j = 0; j < data.eval_skills.size(); ++j) {
    const auto entry = manifest.fingerprints.find(validation_key(data.eval_skills[j]));
    if (entry != manifest.fingerprints.end() && entry->second == data.validation[j].fingerprint())
      names.push_back(data.eval_skills[j]);
  }
  return names;
}

/// The model is the last thing that a run writes. @throws Error kBadFormat when there is one beside
/// a record that is not whole.
bool is_finished(const std::filesystem::path& folder) {
  if (!has_trained_model(folder)) return false;
  if (std::filesystem::exists(folder / "manifest.json") && read_run(folder).finished) return true;
  fail(ErrorCode::kBadFormat,
       fmt::format("{}: the probe here has a trained model, but its record is not whole: a file is "
                   "missing or cut off; remove this folder, and the probe is made again",
                   folder.string()));
}

/// @throws Error kMismatch when the folder, by its place that of the probe, holds another run.
void check_is_probe(const ProbeSpec& probe, const Manifest& manifest, std::int64_t steps,
                    const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& [name, share] : probe.shares) names.push_back(name);
  if (manifest.train_skills == names && manifest.seed == probe.seed &&
      manifest.method == method_of(probe) && manifest.steps == static_cast<std::uint64_t>(steps))
    return;
  fail(
      ErrorCode::kMismatch,
      fmt::format("{}: holds a run of {} steps on {}, seed {}, where the probe {} was expected, of "
                  "{} steps; it was moved or copied here: remove this folder, and the probe is "
                  "made again",
                  folder.string(), manifest.steps, fmt::join(manifest.train_skills, ", "),
                  manifest.seed, probe_key(probe), steps));
}

}  // namespace

Shard parse_shard(const std::string& text) {
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto [slash, first] = std::from_chars(text.data(), end, shard.index);
  const bool has_slash = first == std::errc{} && slash != end && *slash == '/';
  const bool good = has_slash && [&, begin = slash + 1] {
    const auto [rest, second] = std::from_chars(begin, end, shard.count);
    return second == std::errc{} && rest == end;
  }();
  if (!good || shard.index < 1 || shard.index > shard.count) {
    fail(ErrorCode::kBadArgument,
         fmt::format("--shard: '{}' found; expected i/n with 1 <= i <= n, as in 2/8", text));
  }
  return shard;
}

ProbeRunner::ProbeRunner(const Recipe& recipe, std::optional<BaseModel> base,
                         std::filesystem::path runs)
    : recipe_(recipe), base_(std::move(base)), folder_(std::move(runs) / "probes") {
  if (recipe.learn.steps > 0) recipe_.steps = recipe.learn.steps;
  base_content_ = content_fingerprint(base_);
  const SkillChoice choice = skill_choice(recipe);
  for (const std::int64_t signed_seed : recipe.learn.seeds) {
    const auto seed = static_cast<std::uint64_t>(signed_seed);
    const bool same_for_all = !recipe.data.draws_by_seed() && !datasets_.empty();
    datasets_[seed] = same_for_all ? datasets_.begin()->second
                                   : std::make_shared<const Dataset>(make_dataset(
                                         recipe.data, recipe_.steps * recipe.batch, seed, choice));
  }
  const Dataset& data = any_data();
  std::string measured;
  for (std::size_t j = 0; j < data.eval_skills.size(); ++j)
    measured += data.eval_skills[j] + '\n' + data.validation[j].fingerprint() + '\n';
  measured_ = name_of(measured);
  runtime_ = choose_runtime(recipe_, recipe_architecture(recipe_, *data.tokenizer));
}

Recipe ProbeRunner::probe_recipe(const ProbeSpec& probe) const {
  Recipe one = for_one_run(recipe_, method_of(probe), static_cast<std::int64_t>(probe.seed));
  one.name = "probes";
  one.graph = "none";
  one.learn = LearnOptions();
  one.rounds = 1;
  one.setting = "auto";
  one.prior.clear();
  one.evaluate_on = skill_choice(recipe_).evaluate_on;
  one.targets.clear();
  one.train_on.clear();
  for (const auto& [name, share] : probe.shares) one.train_on.push_back(name);
  return one;
}

std::filesystem::path ProbeRunner::trained_folder(const ProbeSpec& probe) const {
  Recipe identity = probe_recipe(probe);
  identity.data = DataOptions();  // Its content counts, not where it came from.
  identity.evaluate_on.clear();
  identity.base.clear();
  if (!identity.model.folder.empty()) identity.model = GptOptions();
  const Dataset& all = data(probe.seed);
  const bool fp32 = runtime_.precision() == "fp32";
  std::string text =
      fmt::format("{}\nbase {}\ntokenizer {}\n{} {}{}\ncheckpoint {}\n",
                  fmt::join(config::diff(identity, Recipe()), "\n"), base_content_,
                  all.tokenizer->fingerprint(), runtime_.device.str(), runtime_.threads,
                  fp32 ? "" : fmt::format(" {}", runtime_.precision()), kCheckpointVersion);
  for (const auto& [name, share] : probe.shares) {
    const std::size_t id = all.train_skills.index_of(name, "probe");
    text += fmt::format("{} {:.17g} {}\n", name, share, all.train[id].fingerprint());
  }
  return folder_ / name_of(text);
}

std::optional<std::filesystem::path> ProbeRunner::find_done(const ProbeSpec& probe) const {
  const auto folder = trained_folder(probe);
  if (is_finished(folder / measured_)) return folder / measured_;
  if (!std::filesystem::is_directory(folder)) return std::nullopt;
  std::optional<std::filesystem::path> best;
  std::size_t most = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.is_directory() || !is_finished(entry.path())) continue;
    const std::size_t count =
        measured_by(read_run(entry.path()).manifest, data(probe.seed)).size() + 1;
    if (count > most || (count == most && entry.path() < *best)) best = entry.path();
    most = std::max(most, count);
  }
  return best;
}

bool ProbeRunner::is_done(const ProbeSpec& probe) const {
  return find_done(probe).has_value();
}

bool ProbeRunner::run(const ProbePlan& plan, const Shard& shard, StudyObserver& observer) const {
  std::vector<RunPlan> missing;
  std::size_t num_done = 0;
  for (std::size_t i = shard.index - 1; i < plan.probes.size(); i += shard.count) {
    const ProbeSpec& probe = plan.probes[i];
    if (is_done(probe)) {
      ++num_done;
      continue;
    }
    missing.push_back({probe_recipe(probe), "probes", method_of(probe),
                       static_cast<std::int64_t>(probe.seed), trained_folder(probe) / measured_,
                       base_, runtime_, std::nullopt, label_of(probe), datasets_.at(probe.seed),
                       std::nullopt});
  }
  Runtime runtime = runtime_;
  choose_runs_at_once(recipe_, any_data(), missing.size(), recipe_.steps, runtime, observer);
  observer.on_message(fmt::format("graph: {} probes of {} steps, {} found finished, {} to run, {}",
                                  missing.size() + num_done, recipe_.steps, num_done,
                                  missing.size(), runtime.describe()));
  if (missing.empty()) return true;
  observer.on_study("graph", missing.size(), recipe_.steps);
  return run_side_by_side(missing, runtime.parallel, observer);
}

ProbeResults ProbeRunner::collect(const ProbePlan& plan) const {
  ProbeResults results{eval_skills(), {}};
  std::vector<std::string> missing;
  for (const ProbeSpec& probe : plan.probes) {
    if (const auto folder = find_done(probe)) {
      results.records.push_back(read(probe, *folder));
    } else {
      missing.push_back(probe_key(probe));
    }
  }
  if (!missing.empty()) {
    fail(ErrorCode::kNotFound,
         fmt::format("{}: {} of {} probes are not finished, such as {}; run the other shards, or "
                     "the same command without --shard",
                     folder_.string(), missing.size(), plan.probes.size(), missing.front()));
  }
  return results;
}

std::optional<double> ProbeRunner::flops(const ProbePlan& plan) const {
  double sum = 0;
  for (const ProbeSpec& probe : plan.probes) {
    const auto folder = find_done(probe);
    if (!folder) return std::nullopt;
    const RunCost cost = run_cost(read_run(*folder));
    if (!cost.train_flops || !cost.evaluate_flops) return std::nullopt;
    sum += *cost.train_flops + *cost.evaluate_flops;
  }
  return sum;
}

ProbeRecord ProbeRunner::read(const ProbeSpec& probe, const std::filesystem::path& folder) const {
  const RunRecord run = read_run(folder);
  check_is_probe(probe, run.manifest, recipe_.steps, folder);
  const SkillSet stored(run.manifest.eval_skills, folder.string());
  const Dataset& all = data(probe.seed);
  const std::vector<std::string> known = measured_by(run.manifest, all);
  ProbeRecord record{probe, {}, {}};
  for (const EvaluationRecord& evaluation : run.evaluations) {
    record.steps.push_back(evaluation.step);
    SkillLosses losses{
        std::vector<double>(all.eval_skills.size(), std::numeric_limits<double>::quiet_NaN())};
    for (const std::string& name : known)
      losses.values[*all.eval_skills.find(name)] = evaluation.losses.values[*stored.find(name)];
    record.evaluations.push_back(std::move(losses));
  }
  std::vector<std::string> missing;
  for (const std::string& name : all.eval_skills.names()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) missing.push_back(name);
  }
  if (!missing.empty()) measure_missing(probe, folder, missing, record);
  return record;
}

void ProbeRunner::measure_missing(const ProbeSpec& probe, const std::filesystem::path& folder,
                                  const std::vector<std::string>& missing,
                                  ProbeRecord& record) const {
  const Dataset part = data(probe.seed).chosen({{}, missing});
  Gpt model = start_model(recipe_, *part.tokenizer, base_, probe.seed, runtime_).model;
  const Evaluator evaluator(part.validation, part.eval_skills,
                            evaluation_limit(model.architecture()), runtime_.device);
  const auto put = [&](SkillLosses& into) {
    const SkillLosses losses = evaluator.measure(model).losses;
    for (std::size_t j = 0; j < missing.size(); ++j)
      into.values[*eval_skills().find(missing[j])] = losses.values[j];
  };
  put(record.evaluations.front());
  load_model(folder / kModelFile, model);
  put(record.evaluations.back());
}

}  // namespace skillit
