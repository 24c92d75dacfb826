#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "skillit/graph/learned_graph.h"

namespace skillit {

/// What a graph looks like, and what that lets Skill-It do. Shares are of the pairs (i, j) of
/// different skills, since every skill helps itself; ids are by axis.
struct GraphDiagnosis {
  std::size_t num_train = 0;
  std::size_t num_eval = 0;
  std::size_t num_pairs = 0;   ///< Pairs of different skills.
  double density = 0;          ///< Share with weight > 0, as the paper counts; NaN of no pairs.
  double negative = 0;         ///< Share with weight < 0.
  double in_noise = 0;         ///< Share whose evidence is in_noise; NaN without evidence.
  std::size_t num_single = 0;  ///< Edges measured with fewer than two seeds.
  /// |A - A^T| / |A + A^T| by sums over pairs present in both directions' axes: 0 = symmetric,
  /// 1 = every edge one way only; NaN when there is none.
  double asymmetry = 0;
  /// Training skills with no edge to another skill and, where they are evaluated, none from one.
  std::vector<std::size_t> isolated;
  /// Evaluation skills that no training skill helps, themselves included.
  std::vector<std::size_t> unreachable;
  /// Strongly connected groups of two or more training skills by positive edges: within one there
  /// is no order to follow. Largest first, ids increasing.
  std::vector<std::vector<std::size_t>> groups;
  bool same_axes = false;  ///< Training and evaluation skills are the same by name.
};

[[nodiscard]] GraphDiagnosis diagnose_graph(const LearnedGraph& learned);

/// Can Skill-It be expected to beat uniform with this graph? Judged by density beside the paper's
/// three cases (97 %, 43 %, 4 %), noise and columns without edges.
enum class GraphOutlook { kTooEmpty, kTooDense, kAllNoise, kUsable };
[[nodiscard]] GraphOutlook graph_outlook(const GraphDiagnosis& diagnosis);

/// The diagnosis in plain words, one finding per line, the outlook last. Long lists are cut short.
[[nodiscard]] std::string diagnosis_text(const GraphDiagnosis& diagnosis,
                                         const LearnedGraph& learned);

}  // namespace skillit
