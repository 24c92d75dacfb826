#pragma once

#include <memory>
#include <tuple>

#include "skillit/config/spec.h"
#include "skillit/graph/learner.h"

namespace skillit {

struct RelativeDropOptions {
  int at_step = 0;  ///< The evaluation that counts as the end; 0 = the last.
  static constexpr auto fields() {
    return std::tuple{SpecField{"at_step", &RelativeDropOptions::at_step,
                                "step of the evaluation that counts; 0 = the last"}};
  }
};

/// As in Aioli's comparison: train on i alone; edge i -> j = (L_j before - L_j after) / L_j before,
/// so that skills with large losses do not outweigh the rest. k runs a seed. Training and
/// evaluation skills may differ. Refuses a loss before training that is not above 0.
[[nodiscard]] std::unique_ptr<GraphLearner> make_relative_drop(const RelativeDropOptions& options);

}  // namespace skillit
