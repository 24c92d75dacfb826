#include "skillit/select/random_selector.h"

#include "skillit/base/error.h"
#include "skillit/select/fixed_selector.h"
#include "skillit/select/shares.h"

namespace skillit {

std::unique_ptr<Selector> make_random(const RandomOptions& options, const SelectorInputs& inputs) {
  if (!options.shares.empty()) {
    return std::make_unique<FixedSelector>(
        mixture_of_shares(options.shares, inputs.train_skills, "random: shares"));
  }
  const std::vector<double>& weights = inputs.prior.empty() ? inputs.natural_sizes : inputs.prior;
  if (weights.empty()) {
    fail(ErrorCode::kBadArgument,
         "random: the natural size of each skill is not known here; give random:shares=1/3/5 or a "
         "prior");
  }
  return std::make_unique<FixedSelector>(Mixture::from_weights(weights, "random"));
}

}  // namespace skillit
