#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/graph/learner.h"

namespace skillit {

struct ReferenceOptions {
  /// Weights of the reference mixture in the order of the training skills; empty = equal shares,
  /// which is another run as soon as a skill comes or goes.
  std::vector<double> reference;
  int at_step = 0;  ///< The evaluation that counts as the end; 0 = the last.
  static constexpr auto fields() {
    using O = ReferenceOptions;
    return std::tuple{
        SpecField{"reference", &O::reference, "weights of the reference mixture (default equal)"},
        SpecField{"at_step", &O::at_step, "step of the evaluation that counts; 0 = the last"}};
  }
};

/// As in a public study of 2026 at 370M parameters: edge i -> j = L_j after training on a reference
/// mixture - L_j after training on i alone, in nats per token: what i does for j that the mixture
/// does not. That study then clips negatives. k + 1 runs a seed. Training and evaluation skills may
/// differ.
[[nodiscard]] std::unique_ptr<GraphLearner> make_reference(const ReferenceOptions& options);

}  // namespace skillit
