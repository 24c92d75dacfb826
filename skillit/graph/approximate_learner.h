#pragma once

#include <memory>
#include <tuple>

#include "skillit/config/spec.h"
#include "skillit/graph/learner.h"

namespace skillit {

struct ApproximateOptions {
  int at_step = 0;  ///< The evaluation that counts as the end; 0 = the last. The paper's NI: 100.
  static constexpr auto fields() {
    return std::tuple{SpecField{"at_step", &ApproximateOptions::at_step,
                                "step of the evaluation that counts; 0 = the last"}};
  }
};

/// The paper's Algorithm 3: train on i alone; edge i -> j = L_j before - L_j after, in nats per
/// token. k runs a seed. Training and evaluation skills may differ.
[[nodiscard]] std::unique_ptr<GraphLearner> make_approximate(const ApproximateOptions& options);

}  // namespace skillit
