#include "skillit/run/study.h"

#include <fmt/format.h>

#include <charconv>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/graph/graph_file.h"
#include "skillit/record/repeat.h"
#include "skillit/record/run_folder.h"
#include "skillit/record/run_reader.h"
#include "skillit/report/summary_json.h"
#include "skillit/report/svg_chart.h"
#include "skillit/run/base_model.h"
#include "skillit/run/dataset.h"
#include "skillit/run/experiment.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/learn_graph.h"
#include "skillit/run/runs_at_once.h"
#include "skillit/run/runtime.h"
#include "skillit/run/sample_feed.h"
#include "skillit/run/side_by_side.h"
#include "skillit/run/start_model.h"
#include "skillit/select/selector.h"

namespace skillit {
namespace {

/// What a study needs to know before anything is trained.
struct Preparation {
  Runtime runtime;
  std::shared_ptr<const Dataset> data;  ///< Of all runs; null when each draws its own.
  std::optional<SkillGraph> graph;      ///< Nothing also when it is still to be learned.
  std::optional<double> graph_flops;    ///< What it took to learn it, where it says so.
};

std::vector<RunPlan> plan_runs(const Recipe& recipe, const std::filesystem::path& folder,
                               const std::optional<BaseModel>& base, const Preparation& ready) {
  std::vector<RunPlan> plans;
  for (const std::int64_t seed :
       recipe.seeds) {  // Seed by seed, so that an interrupted study has whole pairs.
    for (const std::string& method : recipe.methods) {
      plans.push_back({for_one_run(recipe, method, seed), recipe.name, method, seed,
                       folder / run_folder_name(method, seed), base, ready.runtime, ready.graph, "",
                       ready.data, ready.graph_flops});
    }
  }
  return plans;
}

std::optional<double> flops_of(const LearnedGraph& learned) {
  const auto note = learned.provenance.find("flops");
  if (note == learned.provenance.end()) return std::nullopt;
  double flops = 0;
  const char* const end = note->second.data() + note->second.size();
  const auto parsed = std::from_chars(note->second.data(), end, flops);
  return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(flops) : std::nullopt;
}

std::size_t num_unfinished(const Recipe& recipe, const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const std::int64_t seed : recipe.seeds) {
    for (const std::string& method : recipe.methods) {
      count += has_trained_model(folder / run_folder_name(method, seed)) ? 0 : 1;
    }
  }
  return count;
}

/// Refuses what would fail in a later run now: methods, graph, a share for an empty skill. Warns
/// when memory may not do.
Preparation prepare(const Recipe& recipe, const std::filesystem::path& folder,
                    StudyObserver& observer) {
  auto shared = std::make_shared<const Dataset>(
      make_dataset(recipe.data, recipe.batch, static_cast<std::uint64_t>(recipe.seeds.front()),
                   skill_choice(recipe)));
  const Dataset& dataset = *shared;
  const bool to_learn = recipe.graph == "learn";
  Preparation ready;
  if (!to_learn) ready.graph = find_graph(recipe.graph, recipe.data, dataset);
  if (recipe.graph.ends_with(".json")) {
    const LearnedGraph learned = read_learned_graph_json(recipe.graph);
    if (const auto line = content_warning(recipe, learned, dataset)) observer.on_message(*line);
    ready.graph_flops = flops_of(learned);
  }
  const auto stand_in = SkillGraph::identity(dataset.train_skills, dataset.eval_skills);
  const SelectorInputs inputs = selector_inputs(recipe, dataset, to_learn ? stand_in : ready.graph);
  for (const std::string& method : recipe.methods) {
    const auto selector = make_selector(parse_method_repeat(method).spec, inputs);
    (void)selector->next(first_round_of(recipe, dataset));
    (void)draws_from_pool(recipe, dataset, *selector);
  }
  if (!recipe.model.folder.empty() && !recipe.data.is_read() && recipe.data.tokenizer == "auto") {
    observer.on_message(
        fmt::format("{}: {} is in words with ids of their own, because {} has no "
                    "tokenizer.json",
                    recipe.name, recipe.data.source, recipe.model.folder));
  }
  ready.runtime = choose_runtime(recipe, recipe_architecture(recipe, *dataset.tokenizer));
  choose_runs_at_once(recipe, dataset, num_unfinished(recipe, folder), recipe.steps, ready.runtime,
                      observer);
  if (!recipe.data.draws_by_seed()) ready.data = std::move(shared);
  return ready;
}

}  // namespace

std::optional<StudySummary> run_study(const Recipe& recipe, const std::filesystem::path& runs,
                                      StudyObserver& observer) {
  const auto folder = runs / recipe.name;
  Preparation ready = prepare(recipe, folder, observer);
  const auto base = ensure_base_model(recipe, runs, observer);
  if (!base && !recipe.base.empty()) return std::nullopt;
  if (recipe.graph == "learn") {
    const auto learned = learn_recipe_graph(recipe, runs, observer);
    if (!learned) return std::nullopt;
    write_learned_graph(folder / "graph.json", *learned);
    ready.graph = learned->graph;
    ready.graph_flops = flops_of(*learned);
  } else if (ready.graph) {
    write_graph(folder / "given_graph.json", *ready.graph);
  }
  const auto plans = plan_runs(recipe, folder, base, ready);
  observer.on_message(fmt::format("{}: {} runs ({} methods x {} seeds), {}", recipe.name,
                                  plans.size(), recipe.methods.size(), recipe.seeds.size(),
                                  ready.runtime.describe()));
  observer.on_study(recipe.name, plans.size(), recipe.steps);
  if (!run_side_by_side(plans, ready.runtime.parallel, observer)) return std::nullopt;
  std::vector<RunRecord> records;
  for (const RunPlan& plan : plans) records.push_back(read_run(plan.folder));
  StudySummary summary = summarize(records, {.threshold = recipe.threshold});
  write_file_atomically(folder / "summary.json", to_json(summary));
  write_file_atomically(folder / "report.svg", to_svg(records, recipe.threshold));
  return summary;
}

}  // namespace skillit
