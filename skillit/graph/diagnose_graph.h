#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "skillit/graph/learned_graph.h"

namespace skillit {

/// What a graph looks like, and what that lets Skill-It do. Shares are of the pairs of different
/// skills (by name), since every skill helps itself; ids are by axis.
struct GraphDiagnosis {
  std::size_t num_train = 0;
  std::size_t num_eval = 0;
  std::size_t num_pairs = 0;   ///< Of a training skill and another evaluation skill.
  double density = 0;          ///< Share with weight > 0, as the paper counts; NaN of no pairs.
  double negative = 0;         ///< Share with weight < 0; NaN of no pairs.
  double in_noise = 0;         ///< Share whose evidence is in_noise; NaN without evidence.
  std::size_t num_single = 0;  ///< Pairs measured with fewer than two seeds: noise is not known.
  /// Sum of |A_ab - A_ba| / sum of |A_ab| + |A_ba| over pairs that are on both axes: 0 = both ways
  /// alike, 1 = one way only; NaN when there is none.
  double asymmetry = 0;
  /// Training skills with no edge to another skill and, where they are evaluated, none from one.
  std::vector<std::size_t> isolated;
  /// Evaluation skills with no positive edge from any training skill, themselves included.
  std::vector<std::size_t> unreachable;
  /// Strongly connected groups of two or more training skills by positive edges: within one there
  /// is no order to follow. Largest first, ids increasing.
  std::vector<std::vector<std::size_t>> groups;
};

/// O(k m) time, O(k + m) memory beside the graph.
[[nodiscard]] GraphDiagnosis diagnose_graph(const LearnedGraph& learned);

/// Can Skill-It be expected to beat uniform with this graph? A rule of thumb from the paper's cases
/// (97 % and 4 % density: no; 43 % and 15 %: yes): below 5 % too empty, above 90 % too dense;
/// kAllNoise when no more than 5 % of the pairs leave the noise, as would by chance; kOneSeed when
/// no pair was measured twice and the density is one that noise alone has too.
enum class GraphOutlook { kNoPairs, kAllNoise, kTooEmpty, kTooDense, kOneSeed, kUsable };
[[nodiscard]] GraphOutlook graph_outlook(const GraphDiagnosis& diagnosis);

/// The diagnosis in plain words, one finding per line, the outlook last. Long lists are cut short.
[[nodiscard]] std::string diagnosis_text(const GraphDiagnosis& diagnosis,
                                         const LearnedGraph& learned);

}  // namespace skillit
