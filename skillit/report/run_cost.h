#pragma once

#include <cstdint>
#include <optional>

#include "skillit/record/run_record.h"

namespace skillit {

/// What one run took, by what it was spent on, from its record.
struct RunCost {
  std::uint64_t tokens = 0;         ///< Trained on.
  std::uint64_t scored_tokens = 0;  ///< Of those, where a prediction was scored.
  std::uint64_t evaluations = 0;
  double train_seconds = 0;  ///< Wall-clock, with what interrupted attempts lost.
  double evaluate_seconds = 0;
  double select_seconds = 0;
  /// Floating-point operations; nothing when the run recorded no unit costs.
  std::optional<double> train_flops;
  std::optional<double> evaluate_flops;  ///< With what it took to measure samples for an order.
  /// Of learning the graph that the method used; also nothing when that is not known.
  std::optional<double> graph_flops;
};
[[nodiscard]] RunCost run_cost(const RunRecord& run);

}  // namespace skillit
