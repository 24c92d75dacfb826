#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "commands.h"
#include "skillit/base/error.h"
#include "skillit/report/text_layout.h"
#include "skillit/run/measure_model.h"
#include "skillit/train/evaluator.h"
#include "terminal.h"
#include "training/model_arguments.h"
#include "training/training_memory.h"

namespace skillit::cli {
namespace {

using Json = nlohmann::ordered_json;

struct EvalArguments {
  ModelArguments model;
  std::string recipe;
  std::vector<std::string> settings;
  std::vector<std::string> tasks;
  std::int64_t limit = 0;
  bool json = false;
};

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Json skill_entry(double loss, double accuracy) {
  return {{"loss", loss}, {"perplexity", std::exp(loss)}, {"accuracy", accuracy}};
}

/// Loss, perplexity and accuracy of each skill, and the mean over skills.
Json measure_skills(const StoredModel& stored, const Gpt& model, const EvalArguments& arguments) {
  const Recipe recipe = recipe_for_model(stored, arguments.recipe, arguments.settings);
  const Dataset data = data_for_model(stored, recipe);
  const Evaluator evaluator(data.validation, data.eval_skills,
                            evaluation_limit(model.architecture()), model.device());
  const Evaluation measured = evaluator.measure(model);
  Json result;
  for (std::size_t i = 0; i < data.eval_skills.size(); ++i)
    result["skills"][data.eval_skills[i]] =
        skill_entry(measured.losses.values[i], measured.accuracies[i]);
  result["mean"] = skill_entry(measured.losses.mean(), mean_of(measured.accuracies));
  return result;
}

Json share_entry(const Share& share) {
  return {{"mean", share.mean}, {"error", std::isnan(share.error) ? Json() : Json(share.error)}};
}

Json measure_tasks(const StoredModel& stored, const Gpt& model, const EvalArguments& arguments) {
  const auto tokenizer = stored.tokenizer();
  Json result;
  for (const std::string& file : arguments.tasks) {
    AnswerTask task = read_answer_task(file);
    if (result.contains(task.name)) {
      fail(ErrorCode::kBadArgument,
           fmt::format("--task {}: a task named '{}' stands before it; names come from files: "
                       "rename one",
                       file, task.name));
    }
    if (arguments.limit > 0)
      task.items.resize(std::min(task.items.size(), static_cast<std::size_t>(arguments.limit)));
    const TaskResult measured = measure_task(model, *tokenizer, task);
    Json entry{{"items", task.items.size()}, {"accuracy", share_entry(measured.accuracy)}};
    if (measured.accuracy_norm) entry["accuracy_norm"] = share_entry(*measured.accuracy_norm);
    if (measured.perplexity) entry["perplexity"] = *measured.perplexity;
    result[task.name] = entry;
  }
  return result;
}

std::string number(const Json& value, const char* form) {
  return value.is_number() ? fmt::format(fmt::runtime(form), value.get<double>()) : "–";
}

void print_skills(const Json& measured) {
  Rows rows{{"skill", "loss", "perplexity", "accuracy"}};
  const auto row = [&](const std::string& name, const Json& entry) {
    rows.push_back({name, number(entry["loss"], "{:.4f}"), number(entry["perplexity"], "{:.4g}"),
                    number(entry["accuracy"], "{:.3f}")});
  };
  for (const auto& [name, entry] : measured["skills"].items()) row(name, entry);
  row("mean over skills", measured["mean"]);
  fmt::print("{}", grid(rows, output_width()));
}

void print_tasks(const Json& tasks) {
  Rows rows{{"task", "items", "accuracy", "±", "by character", "±", "perplexity"}};
  for (const auto& [name, entry] : tasks.items()) {
    const Json norm = entry.value("accuracy_norm", Json::object());
    rows.push_back({name, entry["items"].dump(), number(entry["accuracy"]["mean"], "{:.4f}"),
                    number(entry["accuracy"]["error"], "{:.4f}"),
                    number(norm.value("mean", Json()), "{:.4f}"),
                    number(norm.value("error", Json()), "{:.4f}"),
                    number(entry.value("perplexity", Json()), "{:.4g}")});
  }
  fmt::print("{}", grid(rows, output_width()));
}

void evaluate(const EvalArguments& arguments) {
  if (arguments.recipe.empty() && arguments.tasks.empty()) {
    fail(ErrorCode::kBadArgument,
         "eval: nothing to measure; give a RECIPE, whose validation samples are used, or --task "
         "FILE");
  }
  keep_memory();
  const StoredModel stored = open_model(arguments.model.model);
  const Gpt model = arguments.model.load(stored);
  Json result{{"model", arguments.model.model}};
  if (!arguments.recipe.empty()) result.update(measure_skills(stored, model, arguments));
  if (!arguments.tasks.empty()) result["tasks"] = measure_tasks(stored, model, arguments);
  if (arguments.json) {
    fmt::print("{}\n", result.dump(2));
    return;
  }
  if (result.contains("skills")) print_skills(result);
  if (result.contains("skills") && result.contains("tasks")) fmt::print("\n");
  if (result.contains("tasks")) print_tasks(result["tasks"]);
}

}  // namespace

void add_eval_command(CLI::App& app) {
  auto arguments = std::make_shared<EvalArguments>();
  CLI::App* command = app.add_subcommand(
      "eval", "Loss, perplexity and accuracy of a model on each skill of a recipe, or on tasks");
  arguments->model.add_to(*command);
  command
      ->add_option("recipe", arguments->recipe,
                   "A recipe, for its validation samples: built-in, or a YAML file")
      ->type_name("RECIPE");
  command->add_option("settings", arguments->settings, "Changes to the recipe")
      ->type_name("key=value");
  command
      ->add_option("--task", arguments->tasks,
                   "JSON lines with query, choices, gold or with context, continuation; once or "
                   "more")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command->add_option("--limit", arguments->limit, "Use the first N questions of each task")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command->add_flag("--json", arguments->json, "Print JSON instead of tables");
  command->footer(
      "Tasks are scored as lm-evaluation-harness does: accuracy by the sum of the answer's\n"
      "log-likelihoods, by character = divided by its length; ± is the standard error. See\n"
      "docs/models.md.\n\n"
      "Examples:\n"
      "  skillit eval runs/lego/skillit/seed0 lego\n"
      "  skillit eval gpt2 text data=FOLDER\n"
      "  skillit eval gpt2 --task arc_easy.jsonl --task copa.jsonl --limit 100");
  command->callback([arguments] { evaluate(*arguments); });
}

}  // namespace skillit::cli
