#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "commands.h"
#include "skillit/report/progress.h"
#include "skillit/run/base_model.h"
#include "skillit/run/learn_graph.h"
#include "skillit/run/training_cost.h"
#include "training/study_progress.h"
#include "training/training_memory.h"

namespace skillit::cli {
namespace {

struct PlanArguments {
  std::string recipe;
  std::vector<std::string> settings;
  std::string runs = "runs";
  bool probes = false;
};

void print_row(const std::string& what, std::size_t runs, std::int64_t steps,
               const RunsCost& cost) {
  fmt::print("{:<24} {:>6} {:>8} {:>10.3g} {:>10.3g}  {}\n", what, runs, steps, cost.tokens,
             cost.flops, duration_text(cost.seconds));
}

void plan(const PlanArguments& arguments) {
  const Recipe recipe = load_recipe(arguments.recipe, arguments.settings);
  keep_memory();
  std::optional<BaseModel> base;
  {
    StudyProgressPrinter progress;
    base = ensure_base_model(recipe, arguments.runs, progress);
    if (!base && !recipe.base.empty()) return;
  }
  const ProbeRunner runner(recipe, base, arguments.runs);
  const ProbePlan probes = recipe_probes(recipe, runner.any_data());
  std::vector<const ProbeSpec*> missing;
  for (const ProbeSpec& probe : probes.probes) {
    if (!runner.is_done(probe)) missing.push_back(&probe);
  }
  const Runtime& runtime = runner.runtime();
  const StepCost step = measure_step(recipe, runner.any_data(), runtime);
  fmt::print("{}: {:.0f} tokens a step, {:.1f} ms a step, {:.1f} ms an evaluation; {}\n\n",
             recipe.name, step.tokens, 1e3 * step.train_seconds, 1e3 * step.evaluate_seconds,
             runtime.describe());
  fmt::print("{:<24} {:>6} {:>8} {:>10} {:>10}  {}\n", "", "runs", "steps", "tokens", "FLOPs",
             "time here");
  const auto row = [&](const std::string& what, std::size_t runs, std::int64_t steps) {
    print_row(what, runs, steps, cost_of_runs(step, runs, steps, recipe.eval_every, runtime));
  };
  row("graph: " + recipe.learn.learner, probes.probes.size(), runner.steps());
  row("  not done yet", missing.size(), runner.steps());
  row("study, all methods", recipe.methods.size() * recipe.seeds.size(), recipe.steps);
  if (!arguments.probes) return;
  fmt::print("\nProbes (* = finished already)\n");
  for (const ProbeSpec& probe : probes.probes)
    fmt::print("{} {}\n", runner.is_done(probe) ? '*' : ' ', probe_key(probe));
}

}  // namespace

void add_plan_command(CLI::App& app) {
  auto arguments = std::make_shared<PlanArguments>();
  CLI::App* command = app.add_subcommand(
      "plan", "What a recipe's graph and study would take here: runs, tokens, FLOPs, time");
  command->add_option("recipe", arguments->recipe, "A built-in recipe or a YAML file")
      ->required()
      ->type_name("RECIPE");
  command->add_option("settings", arguments->settings, "Changes to the recipe")
      ->type_name("key=value");
  command->add_option("--runs", arguments->runs, "Folder where finished probes are looked for")
      ->capture_default_str()
      ->type_name("FOLDER");
  command->add_flag("--probes", arguments->probes, "List every probe of the graph");
  command->footer(
      "The time comes from 20 steps that are made for it. A base model that is not there yet is "
      "trained first.\n\n"
      "Example:\n"
      "  skillit plan graph-lego --probes");
  command->callback([arguments] { plan(*arguments); });
}

}  // namespace skillit::cli
