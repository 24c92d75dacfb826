#pragma once

#include <span>
#include <vector>

#include "skillit/graph/learned_graph.h"

namespace skillit {

/// Turns one set of edge values per seed into estimates, seed by seed, so that only one set is in
/// memory at a time (a running mean and sum of squared deviations).
class EdgeAccumulator {
 public:
  explicit EdgeAccumulator(std::size_t num_edges) : edges_(num_edges) {}

  /// One seed's values; NaN = this seed says nothing about that edge.
  void add(std::span<const double> values);
  /// n, mean, standard error (sample sd / sqrt(n)) and in_noise of each edge. Ends the object's
  /// use.
  [[nodiscard]] std::vector<EdgeEstimate> finish();

 private:
  /// Until finish(), standard_error holds the sum of squared deviations.
  std::vector<EdgeEstimate> edges_;
};

}  // namespace skillit
