#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "skillit/base/statistics.h"
#include "skillit/skill/skill_graph.h"

namespace skillit {

/// Definition 2.1 of the paper: data is a skill when training on a part of it lowers the loss on
/// the rest. What one seed measured, in nats per token on the part held out.
struct HeldOutLosses {
  double before = 0;
  double after = 0;
};
struct SkillVerdict {
  Estimate drop;  ///< Of before - after, over seeds.
  /// The 95 % interval lies above 0: shown to be a skill; false = not shown. Nothing with one seed.
  std::optional<bool> is_skill;
  std::string text;  ///< One line with the numbers.
};
/// @throws Error kBadArgument on no seed or a loss that is NaN or infinite.
[[nodiscard]] SkillVerdict is_skill(std::span<const HeldOutLosses> seeds);

/// Definition 2.2, one edge: j is learned with no more data when sampling from i and j together
/// than from j alone. What one seed needed to reach the loss that counts as learned; nothing = it
/// never did, 0 in both = j was known before any training, which says nothing about i.
struct DataToLearn {
  std::optional<double> alone;     ///< Samples of j, training on j alone.
  std::optional<double> together;  ///< Samples of i and j, training on both in equal shares.
};
struct EdgeVerdict {
  std::size_t seeds = 0;
  std::size_t undecided = 0;  ///< Seeds in which neither run learned j.
  std::size_t known = 0;      ///< Seeds in which j needed no data.
  Estimate saved;             ///< alone - together, over the seeds in which both learned j.
  /// What all seeds that learned j in either run agree on, if they are two or more; where they
  /// differ, what the interval of `saved` says, if it says anything. Else nothing.
  std::optional<bool> is_edge;
  std::string text;  ///< One line with the numbers.
};
/// @throws Error kBadArgument on no seed, or an amount that is negative, NaN or infinite.
[[nodiscard]] EdgeVerdict is_edge(std::span<const DataToLearn> seeds);

/// Definition 2.2, the set: ordered when its graph is neither empty nor complete.
struct OrderVerdict {
  std::size_t num_pairs = 0;       ///< Pairs of different skills.
  std::size_t num_edges = 0;       ///< Those with an edge.
  std::size_t num_undecided = 0;   ///< Those of which it is not known.
  std::optional<bool> is_ordered;  ///< Nothing where the undecided pairs could turn it.
  std::string text;                ///< One line with the numbers.
};
/// Of the edges with a positive weight.
[[nodiscard]] OrderVerdict is_ordered(const SkillGraph& graph);
/// Of verdicts on pairs of different skills, each once.
[[nodiscard]] OrderVerdict is_ordered(std::span<const EdgeVerdict> pairs);

}  // namespace skillit
