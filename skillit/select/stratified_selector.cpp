#include "skillit/select/stratified_selector.h"

#include "skillit/select/fixed_selector.h"

namespace skillit {

std::unique_ptr<Selector> make_stratified(const StratifiedOptions& /*options*/,
                                          const SelectorInputs& inputs) {
  return std::make_unique<FixedSelector>(Mixture::uniform(inputs.train_skills.size()));
}

}  // namespace skillit
