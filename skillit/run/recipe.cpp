#include "skillit/run/recipe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/config/load.h"

namespace skillit {
namespace {

constexpr std::uintmax_t kLargestRecipe = 1 << 20;

/// Of generated sources a run draws steps * batch samples a skill, which an int counts.
void check_samples(const std::string& key, const DataOptions& data, std::int64_t steps,
                   std::int64_t batch, config::Problems& problems) {
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  if (!data.draws_by_seed() || data.train_samples > 0 || steps <= kMost / batch) return;
  problems.add(key,
               fmt::format("is {}, which with {} samples each are more than the {} that can be "
                           "drawn for a skill; say how many to draw with data.train_samples",
                           steps, batch, kMost));
}

void check_base(const Recipe& recipe, config::Problems& problems) {
  std::int64_t layers = 1;
  for (std::size_t i = 0; i < recipe.base.size(); ++i) {
    if (recipe.base[i].layers < layers) {
      problems.add(fmt::format("base.{}.layers", i), "must not be fewer than in the stage before");
    }
    layers = recipe.base[i].layers;
    check_samples(fmt::format("base.{}.steps", i), recipe.base[i].data, recipe.base[i].steps,
                  recipe.base[i].batch, problems);
  }
  if (!recipe.base.empty() && recipe.model.folder.empty() && layers != recipe.model.layers) {
    problems.add("model.layers",
                 fmt::format("is {}, but the last stage of base has {}; they must be equal",
                             recipe.model.layers, layers));
  }
}

}  // namespace

void Recipe::validate(config::Problems& problems) const {
  if (name.empty() || name.find('/') != std::string::npos || name.front() == '.') {
    problems.add("name", "must be a plain folder name");
  }
  if (methods.empty()) problems.add("methods", "name at least one method");
  if (seeds.empty()) problems.add("seeds", "give at least one seed");
  if (std::set(methods.begin(), methods.end()).size() != methods.size())
    problems.add("methods", "a method stands twice");
  if (std::set(seeds.begin(), seeds.end()).size() != seeds.size())
    problems.add("seeds", "a seed stands twice");
  for (const std::int64_t seed : seeds) {
    if (seed < 0) problems.add("seeds", "must not be negative");
  }
  if (!targets.empty() && !evaluate_on.empty()) {
    problems.add("targets", "what counts is what is evaluated: leave out targets or evaluate_on");
  }
  if (targets.empty() && evaluate_on.empty() &&
      (setting == "finetune" || setting == "out-of-domain"))
    problems.add("targets", fmt::format("setting={} needs them", setting));
  if (rounds > steps)
    problems.add("rounds", fmt::format("is {}, but there are only {} steps", rounds, steps));
  if (micro_batch > batch) {
    problems.add("micro_batch",
                 fmt::format("is {}, but a step has only {} samples", micro_batch, batch));
  }
  if (!model.folder.empty() && !base.empty()) {
    problems.add("base", "would train what model.folder gives already; set base=[] with it");
  }
  if ((data.is_read() || data.packing != "greedy") && model.folder.empty() &&
      data.window > model.context) {
    problems.add("data.window", fmt::format("is {} tokens, the model's context only {}",
                                            data.window, model.context));
  }
  check_samples("steps", data, steps, batch, problems);
  check_samples("learn.steps", data, learn.steps, batch, problems);
  check_base(*this, problems);
}

void DataOptions::validate(config::Problems& problems) const {
  if (source == "text" && path.empty() == files.empty()) {
    problems.add("path", "text needs either a path (data=FOLDER) or files by skill");
  }
  if (is_read() && source != "text" && path.empty())
    problems.add("path", fmt::format("{} needs a path (data=PATH)", source));
  if (!is_read() && (tokenizer == "byte" || tokenizer == "character"))
    problems.add("tokenizer", "generated text is in words (auto) or in the tokens of a .json file");
  if (!is_read() && !path.empty()) {
    problems.add("path",
                 fmt::format("only text, pack, instructions and alpaca are read from files; "
                             "the source is {}",
                             source));
  }
  if (tokenizer != "auto" && tokenizer != "byte" && tokenizer != "character" &&
      !tokenizer.ends_with(".json")) {
    problems.add("tokenizer", fmt::format("is {}; auto, byte, character or a file ending in .json "
                                          "was expected",
                                          tokenizer));
  }
  if (document_mask && packing == "greedy" && source != "text" && source != "pack") {
    problems.add("document_mask",
                 fmt::format("{} packs nothing together unless data.packing is best-fit", source));
  }
  if (source == "addition" && skills > 9) problems.add("skills", "addition has at most 9 digits");
  if (source == "lego" && shape == "two-chains" && skills < 2)
    problems.add("skills", "two chains need at least 2 variables");
}

Recipe for_one_run(const Recipe& recipe, const std::string& method, std::int64_t seed) {
  Recipe one = recipe;
  one.methods = {method};
  one.seeds = {seed};
  one.threshold = Recipe().threshold;
  one.parallel = Recipe().parallel;
  one.checkpoint_every = Recipe().checkpoint_every;  // A Runtime has these.
  one.recompute = Recipe().recompute;
  if (one.graph != "learn") one.learn = Recipe().learn;
  return one;
}

namespace {

/// Fills in what follows from other keys, so that a record says it.
Recipe resolved(Recipe recipe, const std::string& tokenizer) {
  const std::string folder = recipe.model.folder;
  if (!folder.empty()) {
    if (!std::filesystem::is_directory(folder))
      fail(ErrorCode::kNotFound, fmt::format("model: there is no folder '{}'", folder));
    recipe.model = GptOptions();
    recipe.model.folder = folder;
  }
  if (recipe.data.source == "pack" || recipe.data.tokenizer != "auto") return recipe;
  const auto file = std::filesystem::path(folder) / "tokenizer.json";
  if (!recipe.data.is_read()) {  // Generated text can also be in words of its own.
    if (!folder.empty() && std::filesystem::exists(file)) recipe.data.tokenizer = file.string();
    if (folder.empty() && tokenizer.ends_with(".json")) recipe.data.tokenizer = tokenizer;
    return recipe;
  }
  if (!folder.empty() && !std::filesystem::exists(file)) {
    fail(ErrorCode::kNotFound,
         fmt::format("{}: has no tokenizer.json; name the model's with data.tokenizer=FILE",
                     folder));
  }
  recipe.data.tokenizer = folder.empty() ? tokenizer : file.string();
  return recipe;
}

const BuiltinRecipe* find_builtin(const std::string& name) {
  const auto& all = builtin_recipes();
  const auto place = std::find_if(all.begin(), all.end(),
                                  [&](const BuiltinRecipe& recipe) { return recipe.name == name; });
  return place == all.end() ? nullptr : &*place;
}

config::TextSource find_recipe(const std::string& name_or_path) {
  if (const BuiltinRecipe* builtin = find_builtin(name_or_path))
    return {std::string(builtin->text), fmt::format("recipe {}", builtin->name)};
  if (std::filesystem::exists(name_or_path))
    return {read_file(name_or_path, kLargestRecipe), name_or_path};
  std::vector<std::string_view> names;
  for (const BuiltinRecipe& builtin : builtin_recipes()) names.push_back(builtin.name);
  const std::string nearest = nearest_name(name_or_path, names);
  fail(ErrorCode::kNotFound,
       fmt::format("there is no file '{}' and no built-in recipe of that name{}; built in are: {}",
                   name_or_path,
                   nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                   fmt::join(names, ", ")));
}

/// Takes "like: NAME" out of the text, where it stands on a line of its own, so that the other
/// lines keep their numbers; the name, or nothing.
std::string take_like(std::string& text) {
  constexpr std::string_view kKey = "like:";
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    if (!line.starts_with(kKey)) {
      begin = end + 1;
      continue;
    }
    std::string_view name = line.substr(kKey.size(), line.find(" #") - kKey.size());
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    name = name.substr(0, name.find_last_not_of(" \r") + 1);
    const std::string result(name);
    if (!result.empty()) text.erase(begin, end - begin);
    return result;
  }
  return {};
}

/// The recipe and before it, the first first, those that it is like.
std::vector<config::TextSource> with_those_it_is_like(std::string name_or_path) {
  constexpr std::size_t kMost = 8;
  std::vector<config::TextSource> sources;
  while (!name_or_path.empty()) {
    sources.push_back(find_recipe(name_or_path));
    if (sources.size() > kMost) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: 'like' goes round in circles", sources.back().name));
    }
    name_or_path = take_like(sources.back().text);
  }
  std::reverse(sources.begin(), sources.end());
  return sources;
}

}  // namespace

Recipe load_recipe(const std::string& name_or_path, const std::vector<std::string>& overrides,
                   const std::string& tokenizer) {
  Recipe recipe;
  config::load_yaml(recipe, with_those_it_is_like(name_or_path), overrides);
  return resolved(std::move(recipe), tokenizer);
}

}  // namespace skillit
