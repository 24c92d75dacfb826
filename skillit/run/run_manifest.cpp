#include "skillit/run/run_manifest.h"

#include <fmt/format.h>
#include <torch/version.h>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"
#include "skillit/config/dump.h"
#include "skillit/graph/graph_file.h"
#include "skillit/record/machine.h"
#include "skillit/record/repeat.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/sample_feed.h"
#include "skillit/run/start_model.h"
#include "skillit/run/training_cost.h"
#include "skillit/select/selector.h"
#include "skillit/train/checkpoint.h"

namespace skillit {
namespace {

/// A method that needs a graph refuses to go without, or begins otherwise.
bool uses_graph(const RunPlan& plan, const Dataset& dataset) {
  if (!plan.graph) return false;
  const auto first_mixture = [&](const std::optional<SkillGraph>& graph) {
    return make_selector(parse_method_repeat(plan.method).spec,
                         selector_inputs(plan.recipe, dataset, graph))
        ->next(first_round_of(plan.recipe, dataset));
  };
  try {
    return first_mixture(std::nullopt) != first_mixture(plan.graph);
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

Manifest make_manifest(const RunPlan& plan, const Dataset& dataset) {
  Manifest manifest;
  manifest.study = plan.study;
  manifest.method = plan.method;
  manifest.seed = static_cast<std::uint64_t>(plan.seed);
  manifest.steps = static_cast<std::uint64_t>(plan.recipe.steps);
  manifest.rounds = static_cast<std::uint64_t>(plan.recipe.rounds);
  manifest.train_skills = dataset.train_skills.names();
  manifest.eval_skills = dataset.eval_skills.names();
  manifest.recipe = config::dump_yaml(plan.recipe);
  manifest.fingerprints = {{"recipe", fingerprint(manifest.recipe)},
                           {"data", dataset.fingerprint()},
                           {"tokenizer", dataset.tokenizer->fingerprint()},
                           {"graph", plan.graph ? fingerprint(graph_to_json(*plan.graph)) : "none"},
                           {"base", content_fingerprint(plan.base)},
                           {"code format", std::to_string(kCheckpointVersion)},
                           {"computation", plan.runtime.computation()}};
  for (std::size_t i = 0; i < dataset.eval_skills.size(); ++i) {
    manifest.fingerprints["validation of " + dataset.eval_skills[i]] =
        dataset.validation[i].fingerprint();
  }
  manifest.versions = {{"torch", TORCH_VERSION}};
  manifest.machine = detect_machine();
  manifest.train_samples = dataset.train_sizes();
  const Architecture model = recipe_architecture(plan.recipe, *dataset.tokenizer);
  manifest.costs = unit_costs(model, dataset, uses_graph(plan, dataset) ? plan.graph_flops : 0.0);
  const auto selector = make_selector(parse_method_repeat(plan.method).spec,
                                      selector_inputs(plan.recipe, dataset, plan.graph));
  if (draws_from_pool(plan.recipe, dataset, *selector)) {
    manifest.costs->sample_losses_flops =
        sample_losses_flops(model, dataset, selector->next(first_round_of(plan.recipe, dataset)),
                            static_cast<double>(plan.recipe.steps * plan.recipe.batch));
  }
  return manifest;
}

}  // namespace skillit
