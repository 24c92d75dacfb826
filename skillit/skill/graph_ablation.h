#pragma once

#include <cstdint>

#include "skillit/skill/skill_graph.h"

namespace skillit {

// Graphs that are wrong on purpose, to see how much a method depends on a right one. An edge from a
// skill to itself (by name) stays as it is in all of them. The same seed gives the same graph.

/// Every edge turned round: A_ij becomes A_ji. @throws Error kMismatch unless the training and the
/// evaluation skills are the same.
[[nodiscard]] SkillGraph transposed(const SkillGraph& graph);

/// The same weights on other edges.
[[nodiscard]] SkillGraph shuffled(const SkillGraph& graph, std::uint64_t seed);

/// A normal error of this standard deviation on every edge, those of weight 0 too.
[[nodiscard]] SkillGraph with_noise(const SkillGraph& graph, double deviation, std::uint64_t seed);

}  // namespace skillit
