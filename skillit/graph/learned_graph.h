#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "skillit/skill/skill_graph.h"

namespace skillit {

/// What the probes say about one edge, before noise was removed and weights were processed.
struct EdgeEstimate {
  std::int64_t n = 0;  ///< Seeds it was measured with.
  double mean = 0.0;   ///< Over seeds, in the learner's unit (mostly nats per token).
  /// Standard error of the mean over seeds; NaN for n < 2.
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  bool in_noise = false;  ///< Its 95 % t interval holds 0; always false for n < 2.

  friend bool operator==(const EdgeEstimate&, const EdgeEstimate&) = default;
};

/// A skills graph with the evidence for each edge and where it came from. Value type.
struct LearnedGraph {
  SkillGraph graph;                 ///< The weights to use: noise removed, processed as asked.
  std::vector<EdgeEstimate> edges;  ///< Row-major as the weights; empty when nothing is known.
  /// What made it: learner, recipe, budget, base model, fingerprints of what each skill is
  /// ("training samples of a", "validation samples of a"), ...
  std::map<std::string, std::string> provenance;

  [[nodiscard]] const EdgeEstimate& edge(std::size_t train, std::size_t eval) const {
    return edges[train * graph.eval_skills().size() + eval];
  }
  friend bool operator==(const LearnedGraph&, const LearnedGraph&) = default;
};

}  // namespace skillit
