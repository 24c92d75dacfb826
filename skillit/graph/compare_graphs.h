#pragma once

#include <cstddef>
#include <vector>

#include "skillit/graph/learned_graph.h"

namespace skillit {

/// An edge that is clearly not the same in two graphs; ids in the axes of the first.
struct EdgeChange {
  std::size_t train = 0;
  std::size_t eval = 0;
  double before = 0;  ///< Weight in the first graph.
  double after = 0;   ///< Weight in the second.
};

struct GraphComparison {
  std::size_t num_edges = 0;  ///< Pairs compared; without the diagonal where that was asked.
  /// Of the weights over all pairs; NaN when either graph has the same weight everywhere.
  double correlation = 0;
  double rank_correlation = 0;  ///< Spearman's; ties share their mean rank.
  /// Beyond noise: exactly one of both weights is 0, and where both graphs carry evidence of two
  /// or more seeds, the 95 % interval of the difference of the means (Welch) leaves 0 out.
  std::vector<EdgeChange> gained;        ///< 0 before. Largest first.
  std::vector<EdgeChange> lost;          ///< 0 after. Largest first.
  std::vector<EdgeChange> sign_changes;  ///< Both not 0, of opposite sign, and beyond noise.
  std::size_t changed_in_noise = 0;      ///< Would be in a list above, were it not for noise.
};

/// Matched by name, in any order. @throws Error kMismatch listing the names that differ.
[[nodiscard]] GraphComparison compare_graphs(const LearnedGraph& first, const LearnedGraph& second,
                                             bool with_diagonal = true);

/// The part of `learned` among the skills that `other` has too, with its evidence, in the order of
/// `learned`. @throws Error kMismatch when they share no training or no evaluation skill.
[[nodiscard]] LearnedGraph common_part(const LearnedGraph& learned, const LearnedGraph& other);

}  // namespace skillit
