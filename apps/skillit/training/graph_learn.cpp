#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "graph_commands.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/graph/diagnose_graph.h"
#include "skillit/graph/graph_file.h"
#include "skillit/run/check_skills.h"
#include "skillit/run/learn_graph.h"
#include "training/study_progress.h"
#include "training/training_memory.h"

namespace skillit::cli {
namespace {

struct LearnArguments {
  std::string recipe;
  std::vector<std::string> settings;
  std::string runs = "runs";
  std::string out;
  std::string shard = "1/1";
};

void add_recipe_options(CLI::App& command, LearnArguments& arguments) {
  command.add_option("recipe", arguments.recipe, "A built-in recipe or a YAML file")
      ->required()
      ->type_name("RECIPE");
  command
      .add_option("settings", arguments.settings,
                  "Changes to the recipe, as in learn.learner=brute-force learn.steps=250")
      ->type_name("key=value");
  command.add_option("--runs", arguments.runs, "Folder for results and probes")
      ->capture_default_str()
      ->type_name("FOLDER");
  command
      .add_option("--shard", arguments.shard,
                  "Run only part i of n of the probes, into the common folder; then once without")
      ->type_name("i/n");
}

/// After a shard or a signal: says what to do next.
void explain_stop(const Shard& shard, const std::string& command) {
  if (shard.count == 1) {
    fmt::print(stderr, "skillit: stopped; the same command goes on where this one ended\n");
    std::exit(kStoppedBySignal);
  }
  fmt::print("shard {}/{} is done; when all are, the same command without --shard {}\n",
             shard.index, shard.count, command);
}

void learn(const LearnArguments& arguments) {
  const Recipe recipe = load_recipe(arguments.recipe, arguments.settings);
  const Shard shard = parse_shard(arguments.shard);
  keep_memory();
  std::optional<LearnedGraph> learned;
  {
    StudyProgressPrinter progress;
    learned = learn_recipe_graph(recipe, arguments.runs, progress, shard);
    if (!learned && progress.stop_requested()) explain_stop({}, "");
  }
  if (!learned) return explain_stop(shard, "fits the graph");
  const std::filesystem::path out =
      arguments.out.empty() ? std::filesystem::path(arguments.runs) / recipe.name / "graph.json"
                            : std::filesystem::path(arguments.out);
  if (out.has_parent_path()) std::filesystem::create_directories(out.parent_path());
  write_learned_graph(out, *learned);
  print_graph(*learned);
  fmt::print("\n{} holds the graph; skillit run {} graph={} trains with it.\n", out.string(),
             arguments.recipe, out.string());
}

void check(const LearnArguments& arguments) {
  const Recipe recipe = load_recipe(arguments.recipe, arguments.settings);
  const Shard shard = parse_shard(arguments.shard);
  keep_memory();
  std::optional<SkillCheck> checked;
  {
    StudyProgressPrinter progress;
    checked = check_recipe_skills(recipe, arguments.runs, progress, shard);
    if (!checked && progress.stop_requested()) explain_stop({}, "");
  }
  if (!checked) return explain_stop(shard, "judges them");
  const SkillSet& skills = checked->skills;
  fmt::print(
      "Is each a skill? (Definition 2.1: training on its samples lowers the loss on others)\n");
  for (std::size_t i = 0; i < skills.size(); ++i)
    fmt::print("  {}: {}\n", skills[i], checked->alone[i].text);
  fmt::print(
      "\nIs there an order? (Definition 2.2: j is learned, to a loss of {}, with no more data when "
      "i is sampled too)\n",
      recipe.threshold);
  for (std::size_t i = 0; i < skills.size(); ++i) {
    for (std::size_t j = 0; j < skills.size(); ++j) {
      if (i != j)
        fmt::print("  {} -> {}: {}\n", skills[i], skills[j],
                   checked->edges[i * skills.size() + j].text);
    }
  }
  fmt::print("\n{}\n", checked->order.text);
}

}  // namespace

void add_graph_learn_command(CLI::App& graph) {
  auto arguments = std::make_shared<LearnArguments>();
  CLI::App* command = graph.add_subcommand(
      "learn",
      "Learn the skills graph of a recipe from short runs; goes on where it was interrupted");
  add_recipe_options(*command, *arguments);
  command->add_option("--out", arguments->out, "The graph's file [RUNS/NAME/graph.json]")
      ->type_name("FILE");
  std::string learners;
  for (const LearnerInfo& learner : learner_methods())
    learners += fmt::format("  {:<24} {}\n", learner.method.name, learner.method.summary);
  command->footer(
      "Learners:\n" + learners +
      "\nExamples:\n"
      "  skillit graph learn graph-lego                  brute force on three LEGO skills\n"
      "  skillit graph learn lego learn.learner=gradient  a guess within seconds\n"
      "  skillit graph learn graph-lego --shard 2/8      the second of eight machines");
  command->callback([arguments] { learn(*arguments); });
}

void add_graph_check_command(CLI::App& graph) {
  auto arguments = std::make_shared<LearnArguments>();
  CLI::App* command = graph.add_subcommand(
      "check", "Measure whether a recipe's skills are skills, and whether they have an order");
  add_recipe_options(*command, *arguments);
  command->footer(
      "Example:\n"
      "  skillit graph check graph-lego learn.steps=250 threshold=0.1");
  command->callback([arguments] { check(*arguments); });
}

}  // namespace skillit::cli
