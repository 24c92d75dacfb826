#include "skillit/select/target_only_selector.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/select/fixed_selector.h"

namespace skillit {

std::unique_ptr<Selector> make_target_only(const TargetOnlyOptions& /*options*/,
                                           const SelectorInputs& inputs) {
  const auto& targets = inputs.targets.empty() ? inputs.eval_skills.names() : inputs.targets;
  std::vector<double> shares;
  for (const std::string& skill : inputs.train_skills.names())
    shares.push_back(std::find(targets.begin(), targets.end(), skill) != targets.end() ? 1 : 0);
  if (std::find(shares.begin(), shares.end(), 1) == shares.end()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("target-only: none of the targets ({}) is among the training skills",
                     fmt::join(targets, ", ")));
  }
  return std::make_unique<FixedSelector>(Mixture::from_weights(shares, "target-only"));
}

}  // namespace skillit
