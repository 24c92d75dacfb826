#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands.h"
#include "skillit/base/error.h"
#include "skillit/report/progress.h"
#include "skillit/run/base_model.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/learn_graph.h"
#include "skillit/run/runs_at_once.h"
#include "skillit/run/start_model.h"
#include "skillit/run/step_prediction.h"
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
  double product_rate = 0;
  double memory_rate = 0;
};

void print_row(const std::string& what, std::size_t runs, std::int64_t steps,
               const RunsCost& cost) {
  fmt::print("{:<24} {:>6} {:>8} {:>10.3g} {:>10.3g}  {}\n", what, runs, steps, cost.tokens,
             cost.flops, duration_text(cost.seconds));
}

void print_prediction(const BatchShape& batch, const StepPrediction& step,
                      const MachineRates& rates) {
  const auto share = [&](double seconds) { return 100 * seconds / step.seconds(); };
  fmt::print(
      "predicted from products at {:.4g} GFLOP/s and memory at {:.4g} GB/s: {:.4g} ms a step, "
      "{:.4g} tokens/s, {:.2g} GB\n"
      "  products {:.0f} %, attention {:.0f} %, memory {:.0f} %, rest {:.0f} %\n",
      rates.products / 1e9, rates.memory / 1e9, 1e3 * step.seconds(), batch.tokens / step.seconds(),
      step.bytes / 1e9, share(step.product_seconds), share(step.attention_seconds),
      share(step.memory_seconds), share(step.other_seconds));
}

/// For a machine that is not here: nothing is trained.
void plan_elsewhere(const Recipe& recipe, const PlanArguments& arguments) {
  const Dataset data =
      make_dataset(recipe.data, recipe.batch, static_cast<std::uint64_t>(recipe.seeds.front()),
                   skill_choice(recipe));
  const Architecture model = recipe_architecture(recipe, *data.tokenizer);
  const BatchShape batch = batch_shape(recipe, data);
  const MachineRates rates{1e9 * arguments.product_rate, 1e9 * arguments.memory_rate, 0};
  const StepPrediction step =
      predict_step(model, batch, recipe.precision == "bf16", recipe.device == "cuda", rates);
  fmt::print("{}: {:.4g} million weights in matrices, {:.0f} tokens a step\n", recipe.name,
             static_cast<double>(model.matrix_weights()) / 1e6, batch.tokens);
  print_prediction(batch, step, rates);
  const std::size_t runs = recipe.methods.size() * recipe.seeds.size();
  fmt::print("study, all methods: {} runs of {} steps, {} one after another, without evaluations\n",
             runs, recipe.steps,
             duration_text(step.seconds() * static_cast<double>(recipe.steps) *
                           static_cast<double>(runs)));
}

void print_probes(const ProbePlan& plan, const ProbeRunner& runner) {
  fmt::print("\nProbes (* = finished already)\n");
  for (const ProbeSpec& probe : plan.probes)
    fmt::print("{} {}\n", runner.is_done(probe) ? '*' : ' ', probe_key(probe));
}

void plan(const PlanArguments& arguments) {
  const Recipe recipe = load_recipe(arguments.recipe, arguments.settings);
  if (arguments.product_rate > 0) return plan_elsewhere(recipe, arguments);
  const bool learns = recipe.graph == "learn";
  if (arguments.probes && !learns) {
    fail(ErrorCode::kBadArgument,
         fmt::format("--probes: the recipe's graph is '{}', which takes none; plan it with "
                     "graph=learn",
                     recipe.graph));
  }
  keep_memory();
  std::optional<BaseModel> base;
  {
    StudyProgressPrinter progress;
    base = ensure_base_model(recipe, arguments.runs, progress);
  }
  if (!base && !recipe.base.empty()) {
    fmt::print(stderr, "skillit: stopped before the base model was done\n");
    std::exit(kStoppedBySignal);
  }
  const ProbeRunner runner(recipe, base, arguments.runs);
  Runtime runtime = runner.runtime();
  const std::size_t runs = recipe.methods.size() * recipe.seeds.size();
  {
    StudyProgressPrinter progress;
    choose_runs_at_once(recipe, runner.any_data(), runs, recipe.steps, runtime, progress);
  }
  const StepCost step = measure_step(recipe, runner.any_data(), runtime);
  fmt::print("{}: {:.0f} tokens a step, {:.1f} ms a step, {:.1f} ms an evaluation; {}\n",
             recipe.name, step.tokens, 1e3 * step.train_seconds, 1e3 * step.evaluate_seconds,
             runtime.describe());
  const Architecture model = recipe_architecture(recipe, *runner.any_data().tokenizer);
  const BatchShape batch = batch_shape(recipe, runner.any_data());
  const MachineRates rates = measure_rates(model, batch, runtime);
  const bool bf16 = runtime.compute == torch::kBFloat16;
  print_prediction(batch, predict_step(model, batch, bf16, runtime.device.is_cuda(), rates), rates);
  fmt::print("\n{:<24} {:>6} {:>8} {:>10} {:>10}  {}\n", "", "runs", "steps", "tokens", "FLOPs",
             "time here");
  const auto row = [&](const std::string& what, std::size_t many, std::int64_t steps) {
    print_row(what, many, steps, cost_of_runs(step, many, steps, recipe.eval_every, runtime));
  };
  std::optional<ProbePlan> probes;
  if (learns) {
    probes = recipe_probes(recipe, runner.any_data());
    const auto missing =
        std::count_if(probes->probes.begin(), probes->probes.end(),
                      [&](const ProbeSpec& probe) { return !runner.is_done(probe); });
    row("graph: " + recipe.learn.learner, probes->probes.size(), runner.steps());
    row("  not done yet", static_cast<std::size_t>(missing), runner.steps());
  }
  row("study, all methods", runs, recipe.steps);
  if (arguments.probes) print_probes(*probes, runner);
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
  command->add_flag("--probes", arguments->probes, "List every probe of a graph to be learned");
  auto* products = command
                       ->add_option("--products", arguments->product_rate,
                                    "Of another machine: the rate of its matrix products")
                       ->type_name("GFLOP/s")
                       ->check(CLI::PositiveNumber);
  auto* memory = command
                     ->add_option("--memory", arguments->memory_rate,
                                  "Of another machine: the rate of its memory")
                     ->type_name("GB/s")
                     ->check(CLI::PositiveNumber);
  products->needs(memory);
  memory->needs(products);
  command->footer(
      "The time comes from 20 steps that are made for it, or as many as ten seconds allow; a base "
      "model that is not there yet is "
      "trained first. Beside it stands what counting predicts from rates measured here. With "
      "--products and --memory nothing is trained or measured.\n\n"
      "Examples:\n"
      "  skillit plan graph-lego --probes\n"
      "  skillit plan lego-paper device=cuda precision=bf16 --products 500000 --memory 2500");
  command->callback([arguments] { plan(*arguments); });
}

}  // namespace skillit::cli
