#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "skillit/select/round_inputs.h"
#include "skillit/skill/mixture.h"

namespace skillit {

/// A part of a training with shares of its own.
struct Stage {
  double length = 0;           ///< In any unit, the same for all stages of a training; >= 0.
  std::vector<double> shares;  ///< By training skill, in any scale.
};

/// What the coming round is to hold when the training goes through `stages` one after the other,
/// their lengths scaled to its whole: the mean of the stages' mixtures over the round, by how much
/// of the round lies in each. Exact for rounds that lie in one stage, and in sum for all others.
/// @throws Error kBadArgument when the sizes of the round and the training are not known; `where`
/// (the method) begins the message.
[[nodiscard]] Mixture mixture_of_stages(const std::vector<Stage>& stages, const RoundInputs& inputs,
                                        const std::string& where);

}  // namespace skillit
