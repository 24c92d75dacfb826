#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "commands.h"
#include "skillit/base/error.h"
#include "skillit/run/recipe.h"

namespace skillit::cli {
namespace {

/// The first line of the recipe's comment.
std::string_view title_of(const BuiltinRecipe& recipe) {
  std::string_view line = recipe.text.substr(0, recipe.text.find('\n'));
  line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
  return line;
}

void list(bool json) {
  auto recipes = builtin_recipes();
  std::sort(recipes.begin(), recipes.end(),
            [](const BuiltinRecipe& a, const BuiltinRecipe& b) { return a.name < b.name; });
  if (json) {
    auto entries = nlohmann::ordered_json::array();
    for (const BuiltinRecipe& recipe : recipes)
      entries.push_back({{"name", recipe.name}, {"title", title_of(recipe)}});
    fmt::print("{}\n", entries.dump(1));
    return;
  }
  std::size_t width = 0;
  for (const BuiltinRecipe& recipe : recipes) width = std::max(width, recipe.name.size());
  for (const BuiltinRecipe& recipe : recipes)
    fmt::print("{:<{}}  {}\n", recipe.name, width, title_of(recipe));
}

void show(const std::string& name) {
  std::vector<std::string_view> names;
  for (const BuiltinRecipe& recipe : builtin_recipes()) {
    names.push_back(recipe.name);
    if (recipe.name != name) continue;
    fmt::print("{}", recipe.text);
    return;
  }
  const std::string nearest = nearest_name(name, names);
  fail(ErrorCode::kNotFound,
       fmt::format("there is no built-in recipe '{}'{}; skillit recipe list shows them", name,
                   nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest)));
}

}  // namespace

void add_recipe_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("recipe", "The built-in recipes: list them, show one");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n"
      "  skillit recipe list\n"
      "  skillit recipe show lego > my.yaml        a file to change; skillit run my.yaml\n"
      "  skillit run lego-finetune --show          with what it takes over from other recipes");
  auto json = std::make_shared<bool>(false);
  CLI::App* list_command = command->add_subcommand("list", "Their names and what each is");
  list_command->add_flag("--json", *json, "[{\"name\": .., \"title\": ..}, ..]");
  list_command->callback([json] { list(*json); });
  auto name = std::make_shared<std::string>();
  CLI::App* show_command = command->add_subcommand("show", "The text of one, comments and all");
  show_command->add_option("recipe", *name, "Its name")->required()->type_name("NAME");
  show_command->callback([name] { show(*name); });
}

}  // namespace skillit::cli
