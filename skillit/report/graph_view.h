#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "skillit/graph/learned_graph.h"

namespace skillit {

/// What every drawing of a skills graph shares: which edges there are to see, and how strong a
/// colour means what. An edge whose weight is below `threshold` in size is drawn as if absent.

/// One place of the matrix.
struct EdgePlace {
  std::size_t train = 0;
  std::size_t eval = 0;

  friend bool operator==(const EdgePlace&, const EdgePlace&) = default;
};

/// The weight, or 0 when |weight| < threshold.
[[nodiscard]] double drawn_weight(const SkillGraph& graph, EdgePlace place, double threshold);

/// A weight in at most 6 cells, signed: "+0.518", "-12.3", "+4e-05"; "0".
[[nodiscard]] std::string weight_text(double weight);

/// From a skill to itself: the names are the same on both axes.
[[nodiscard]] bool is_self_edge(const SkillGraph& graph, EdgePlace place);

/// The probes cannot tell the edge from zero.
[[nodiscard]] bool is_noise(const LearnedGraph& learned, EdgePlace place);

/// The size of weight that gets the full colour: the largest |weight| between different skills, so
/// that strong self-edges do not make all others pale; over all edges when those are 0; 1 for an
/// empty graph. Larger weights get the same colour.
[[nodiscard]] double full_color_weight(const SkillGraph& graph);

/// Counts of what is drawn.
struct EdgeCounts {
  std::size_t possible = 0;  ///< Places between different skills.
  std::size_t helps = 0;     ///< Of those, drawn with weight > 0.
  std::size_t harms = 0;     ///< Drawn with weight < 0.
  std::size_t noise = 0;     ///< Measured and not told from zero; in none of the others.
};
[[nodiscard]] EdgeCounts count_edges(const LearnedGraph& learned, double threshold);
/// "31 of 90 possible edges between different skills: 28 help, 3 harm; 12 more are within the
/// noise".
[[nodiscard]] std::string counts_text(const EdgeCounts& counts);

/// The `count` strongest drawn edges between different skills, by |weight|, strongest first; equal
/// ones by place.
[[nodiscard]] std::vector<EdgePlace> strongest_edges(const LearnedGraph& learned, std::size_t count,
                                                     double threshold);

/// Half the width of the 95 % t interval about the mean; NaN for n < 2.
[[nodiscard]] double interval_reach(const EdgeEstimate& edge);

}  // namespace skillit
