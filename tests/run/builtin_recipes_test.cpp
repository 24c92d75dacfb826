// Every built-in recipe is read, gets data with its skills, and is planned: its graph's probes, and
// the first mixture of each of its methods.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <set>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/temp_folder.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/learn_graph.h"
#include "skillit/run/sample_feed.h"
#include "skillit/select/selector.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A task of Natural Instructions for each skill that a recipe names.
void write_tasks(const std::filesystem::path& folder, const Recipe& recipe) {
  std::set<std::string> skills(recipe.train_on.begin(), recipe.train_on.end());
  skills.insert(recipe.targets.begin(), recipe.targets.end());
  if (skills.empty()) skills = {"summarization", "translation"};
  for (const std::string& skill : skills) {
    std::string instances;
    for (int i = 0; i < 20; ++i)
      instances +=
          fmt::format(R"({}{{"input": "in {}", "output": ["out {}"]}})", i ? "," : "", i, i);
    write_file_atomically(
        folder / (skill + ".json"),
        fmt::format(R"({{"Categories": ["{}"], "Definition": ["Do."], "Instances": [{}]}})", skill,
                    instances));
  }
}

void write_rows(const std::filesystem::path& file) {
  std::string rows;
  for (int i = 0; i < 300; ++i) {
    rows += fmt::format(R"({}{{"instruction": "{} this", "input": "{}", "output": "that"}})",
                        i ? "," : "", i % 2 ? "Find" : "Rewrite", i);
  }
  write_file_atomically(file, "[" + rows + "]");
}

void write_texts(const std::filesystem::path& folder, const Recipe& recipe) {
  std::vector<std::string> skills = recipe.train_on;
  if (skills.empty()) skills = {"cooking", "weather"};
  for (const std::string& skill : skills) {
    std::string lines;
    for (int i = 0; i < 20; ++i) lines += fmt::format("{{\"text\": \"{} of {}\"}}\n", i, skill);
    write_file_atomically(folder / (skill + ".jsonl"), lines);
  }
}

/// The recipe on small data of its own kind.
Recipe with_data(const std::string& name, const TempFolder& folder) {
  const std::string path = (folder / "data").string();
  const auto load = [&](const std::string& data) {
    return load_recipe(name, {"data=" + data, "data.tokenizer=byte", "data.validation=3"});
  };
  Recipe recipe;
  try {
    return load_recipe(name, {"data.validation=3"});
  } catch (const Error&) {  // It reads files.
    recipe = load(path);
  }
  if (recipe.data.source == "alpaca") {
    write_rows(path + "/rows.json");
    return load(path + "/rows.json");
  }
  if (recipe.data.source == "instructions") write_tasks(path, recipe);
  if (recipe.data.source == "text") write_texts(path, recipe);
  return recipe;
}

void expect_to_be_planned(const Recipe& recipe) {
  const Dataset dataset = make_dataset(recipe.data, 4, 0, skill_choice(recipe));
  const bool learns = recipe.graph == "learn";
  EXPECT_EQ(recipe_probes(recipe, dataset).probes.empty(), false);
  const SelectorInputs inputs =
      selector_inputs(recipe, dataset,
                      learns ? SkillGraph::identity(dataset.train_skills, dataset.eval_skills)
                             : find_graph(recipe.graph, recipe.data, dataset));
  for (const std::string& method : recipe.methods) {
    const auto selector = make_selector(method, inputs);
    EXPECT_EQ(selector->next(first_round_of(recipe, dataset)).size(), dataset.train_skills.size());
    EXPECT_NO_THROW((void)draws_from_pool(recipe, dataset, *selector)) << method;
  }
}

TEST(BuiltinRecipes, AllAreReadAndPlanned) {
  ASSERT_GE(builtin_recipes().size(), 25U);
  for (const BuiltinRecipe& builtin : builtin_recipes()) {
    SCOPED_TRACE(builtin.name);
    const TempFolder folder;
    const Recipe recipe = with_data(std::string(builtin.name), folder);
    EXPECT_EQ(recipe.name, builtin.name);
    ASSERT_NO_FATAL_FAILURE(expect_to_be_planned(recipe));
  }
}

TEST(BuiltinRecipes, EveryOneSaysWhatItShowsHowLongItTakesAndWhatCameOut) {
  for (const BuiltinRecipe& builtin : builtin_recipes()) {
    SCOPED_TRACE(builtin.name);
    const std::string text(builtin.text);
    EXPECT_THAT(text, StartsWith("# "));
    for (const char* heading : {"# What it shows   ", "# How long        "})
      EXPECT_THAT(text, HasSubstr(heading));
    const bool says_what_comes = text.find("# What to expect  ") != std::string::npos ||
                                 (text.find("# Published       ") != std::string::npos &&
                                  text.find("# Ours            ") != std::string::npos);
    EXPECT_TRUE(says_what_comes);
  }
}

// Each published experiment has a small form and one of the paper's own size.
TEST(BuiltinRecipes, EveryPublishedExperimentHasASmallFormAndThePapersOwn) {
  std::set<std::string_view> names;
  for (const BuiltinRecipe& builtin : builtin_recipes()) names.insert(builtin.name);
  for (const std::string experiment :
       {"lego", "lego-finetune", "lego-tree", "lego-curricula", "lego-ablation", "addition",
        "addition-finetune", "ni", "ni-spanish", "ni-stance", "ni-out-of-domain", "alpaca",
        "redpajama"}) {
    EXPECT_TRUE(names.contains(experiment)) << experiment;
    EXPECT_TRUE(names.contains(experiment + "-paper")) << experiment;
  }
}

}  // namespace
}  // namespace skillit
