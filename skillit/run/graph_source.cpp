#include "skillit/run/graph_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "skillit/base/error.h"
#include "skillit/graph/graph_file.h"
#include "skillit/run/published_graphs.h"

namespace skillit {
std::optional<SkillGraph> find_graph(const std::string& graph, const DataOptions& data,
                                     const Dataset& dataset) {
  const SkillSet& train = dataset.train_skills;
  const SkillSet& eval = dataset.eval_skills;
  if (graph == "none") return std::nullopt;
  if (graph == "paper") return published_graph(data, dataset);
  if (graph.ends_with(".npy")) return read_graph_npy(graph, train, eval);
  const SkillGraph file = read_graph_json(graph);
  const bool is_of_all = file.train_skills().size() == dataset.all_skills.size() &&
                         file.eval_skills().size() == dataset.all_skills.size();
  return is_of_all
             ? file.reordered(dataset.all_skills, dataset.all_skills, graph).selected(train, eval)
             : file.reordered(train, eval, graph);
}

SkillChoice skill_choice(const Recipe& recipe) {
  return {recipe.train_on, recipe.targets.empty() ? recipe.evaluate_on : recipe.targets,
          setting_from_name(recipe.setting)};
}

RoundInputs first_round_of(const Recipe& recipe, const Dataset& dataset) {
  RoundInputs inputs;
  inputs.initial = SkillLosses{std::vector<double>(dataset.eval_skills.size(), 1.0)};
  inputs.size = static_cast<std::uint64_t>(recipe.steps / recipe.rounds * recipe.batch);
  inputs.total = static_cast<std::uint64_t>(recipe.steps * recipe.batch);
  return inputs;
}

SelectorInputs selector_inputs(const Recipe& recipe, const Dataset& dataset,
                               const std::optional<SkillGraph>& graph) {
  SelectorInputs inputs;
  inputs.setting = setting_from_name(recipe.setting);
  // Out of domain every column counts, as when no targets are named.
  if (setting_of(dataset.train_skills, dataset.eval_skills, {}) == Setting::kFinetune)
    inputs.targets = recipe.targets;
  for (const std::string& name : dataset.train_skills.names()) {
    if (const auto weight = recipe.prior.find(name); weight != recipe.prior.end())
      inputs.prior.push_back(weight->second);
  }
  if (inputs.prior.size() != recipe.prior.size() ||
      (!inputs.prior.empty() && inputs.prior.size() != dataset.train_skills.size())) {
    fail(ErrorCode::kMismatch,
         fmt::format("prior: needs one weight for each of the training skills {}, and no others",
                     fmt::join(dataset.train_skills.names(), ", ")));
  }
  inputs.train_skills = dataset.train_skills;
  inputs.eval_skills = dataset.eval_skills;
  inputs.graph = graph;
  const auto sizes = dataset.train_sizes();
  inputs.natural_sizes = dataset.natural_sizes;
  if (inputs.natural_sizes.empty()) inputs.natural_sizes.assign(sizes.begin(), sizes.end());
  return inputs;
}

}  // namespace skillit
