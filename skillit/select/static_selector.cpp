#include "skillit/select/static_selector.h"

#include "skillit/base/error.h"
#include "skillit/select/fixed_selector.h"
#include "skillit/select/shares.h"

namespace skillit {

std::unique_ptr<Selector> make_static(const StaticOptions& options, const SelectorInputs& inputs) {
  if (!options.shares.empty()) {
    return std::make_unique<FixedSelector>(
        mixture_of_shares(options.shares, inputs.train_skills, "static: shares"));
  }
  if (!inputs.graph) {
    fail(ErrorCode::kBadArgument,
         "static: needs a graph or shares, and there is neither; write static:shares=1/3/5");
  }
  SkillItOptions dynamic;
  dynamic.eta = options.eta;
  dynamic.diagonal = options.diagonal;
  return std::make_unique<FixedSelector>(make_skillit(dynamic, inputs)->next({}));
}

}  // namespace skillit
