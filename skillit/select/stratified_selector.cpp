#include "skillit/select/stratified_selector.h"

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/select/fixed_selector.h"

namespace skillit {

std::unique_ptr<Selector> make_stratified(const StratifiedOptions& options,
                                          const SelectorInputs& inputs) {
  const SkillSet& train = inputs.train_skills;
  const Setting setting = inputs.setting == Setting::kAuto
                              ? setting_of(train, inputs.eval_skills, inputs.targets)
                              : inputs.setting;
  if (options.over == StratifiedOver::kAll || setting == Setting::kPretrain || !inputs.graph)
    return std::make_unique<FixedSelector>(Mixture::uniform(train.size()));
  const SkillGraph graph = inputs.graph->reordered(train, inputs.eval_skills);
  std::vector<bool> used = prerequisites(graph, inputs.targets);
  const auto& targets = inputs.targets.empty() ? inputs.eval_skills.names() : inputs.targets;
  for (const std::string& target : targets) {
    if (const auto own = train.find(target)) used[*own] = true;
  }
  if (std::find(used.begin(), used.end(), true) == used.end()) {
    fail(ErrorCode::kBadArgument,
         "stratified: no training skill has a positive edge to what is evaluated, so there are no "
         "prerequisites; use stratified:over=all, or another graph");
  }
  return std::make_unique<FixedSelector>(
      Mixture::from_weights(std::vector<double>(used.begin(), used.end()), "stratified"));
}

}  // namespace skillit
