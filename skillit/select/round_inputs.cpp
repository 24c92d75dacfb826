#include "skillit/select/round_inputs.h"

#include <algorithm>

namespace skillit {

std::size_t rounds_before(const LossHistory& history) {
  if (history.evaluations.empty()) return 0;
  return std::max<std::size_t>(1, history.round_starts.size());
}

std::optional<SkillLosses> first_losses(const RoundInputs& inputs) {
  if (inputs.initial) return inputs.initial;
  if (inputs.history.evaluations.empty()) return std::nullopt;
  return inputs.history.evaluations.front();
}

}  // namespace skillit
