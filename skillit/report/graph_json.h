#pragma once

#include <span>
#include <string>

#include "skillit/graph/learned_graph.h"

namespace skillit {

/// What the terminal shows, for programs: {"format_version": 1, "train_skills": 5, "eval_skills":
/// 5, "threshold": 0, "edges": {"possible", "helps", "harms", "noise"}, "strongest": [{"train",
/// "eval", "weight", "n", "mean", "interval_95"}, ...], "diagnosis": [...]}. Edges are those
/// between different skills, strongest first, at most 100. n, mean and interval_95 are null where
/// nothing was measured.
[[nodiscard]] std::string graph_view_to_json(const LearnedGraph& learned,
                                             std::span<const std::string> diagnosis,
                                             double threshold);

}  // namespace skillit
