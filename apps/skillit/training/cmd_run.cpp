#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "commands.h"
#include "skillit/config/describe.h"
#include "skillit/config/dump.h"
#include "skillit/report/summary_json.h"
#include "skillit/report/summary_table.h"
#include "skillit/run/recipe.h"
#include "skillit/run/study.h"
#include "study_report.h"
#include "terminal.h"
#include "training/study_progress.h"
#include "training/training_memory.h"

namespace skillit::cli {
namespace {

struct RunArguments {
  std::string recipe;
  std::vector<std::string> settings;
  std::string runs = "runs";
  std::int64_t steps = 0;
  bool json = false;
  bool show = false;
  bool keys = false;
};

void run(const RunArguments& arguments) {
  if (arguments.keys) {
    fmt::print("{}", config::help_text<Recipe>());
    return;
  }
  if (arguments.recipe.empty()) throw CLI::RequiredError("RECIPE");
  std::vector<std::string> settings = arguments.settings;
  if (arguments.steps > 0) settings.push_back(fmt::format("steps={}", arguments.steps));
  const Recipe recipe = load_recipe(arguments.recipe, settings);
  if (arguments.show) {
    fmt::print("{}", config::dump_yaml(recipe));
    return;
  }
  keep_memory();
  std::optional<StudySummary> summary;
  {
    StudyProgressPrinter progress;
    summary = run_study(recipe, arguments.runs, progress);
  }
  const std::string folder = fmt::format("{}/{}", arguments.runs, recipe.name);
  if (!summary) {
    fmt::print(stderr,
               "skillit: stopped; the same command goes on from the last checkpoints in {}\n",
               folder);
    std::exit(kStoppedBySignal);
  }
  const std::vector<std::filesystem::path> folders = {folder};
  if (can_write_html()) {
    write_html_report(std::filesystem::path(folder) / "report.html", read_studies(folders),
                      *summary);
  }
  if (arguments.json) {
    fmt::print("{}\n", to_json(*summary));
    return;
  }
  fmt::print("{}", to_table(*summary, {.width = std::max<std::size_t>(40, output_width()),
                                       .color = ::isatty(STDOUT_FILENO) == 1}));
  fmt::print("\n{0}/summary.json holds these numbers, {0}/{1} shows them.\n", folder,
             can_write_html() ? "report.html" : "report.svg");
}

std::string recipe_list() {
  std::string list;
  for (const BuiltinRecipe& recipe : builtin_recipes())
    list += fmt::format("{}{}", list.empty() ? "" : ", ", recipe.name);
  return list;
}

}  // namespace

void add_run_command(CLI::App& app) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* command = app.add_subcommand(
      "run",
      "Train every method and seed of a recipe and compare them; goes on where it was interrupted");
  command
      ->add_option("recipe", arguments->recipe,
                   "A built-in recipe (" + recipe_list() + ") or a YAML file")
      ->type_name("RECIPE");
  command
      ->add_option("settings", arguments->settings,
                   "Changes to the recipe, as in steps=500 seeds=0,1 optimizer.lr=1e-3")
      ->type_name("key=value");
  command->add_option("--runs", arguments->runs, "Folder for results")
      ->capture_default_str()
      ->type_name("FOLDER");
  command->add_option("--steps", arguments->steps, "Short for steps=N")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command->add_flag("--json", arguments->json, "Print summary.json instead of the table");
  command->add_flag("--show", arguments->show,
                    "Print the recipe with all settings applied, and do nothing");
  command->add_flag("--keys", arguments->keys, "Explain every key of a recipe");
  command->footer(
      "Examples:\n"
      "  skillit run lego                          Skill-It, stratified and random on three LEGO "
      "skills\n"
      "  skillit run lego seeds=0,1,2,3,4          two seeds more; finished runs are kept\n"
      "  skillit run recipes/text.yaml data=FOLDER your own text, one JSONL file per skill");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace skillit::cli
