#pragma once

#include <cstddef>
#include <string>

#include "skillit/graph/compare_graphs.h"
#include "skillit/graph/learned_graph.h"

namespace skillit {

/// What differs between two graphs, in words and lists for a terminal of `width` cells: how alike
/// the weights are, then edges gained, lost and of the other sign beyond noise, the largest first.
/// `first` names the ids of the comparison.
[[nodiscard]] std::string comparison_to_text(const GraphComparison& comparison,
                                             const SkillGraph& first, std::size_t width = 100);

/// The same for programs: {"format_version": 1, "pairs", "correlation", "rank_correlation",
/// "gained": [{"train", "eval", "before", "after"}, ...], "lost", "sign_changes",
/// "changed_in_noise"}. A correlation that does not exist is null.
[[nodiscard]] std::string comparison_to_json(const GraphComparison& comparison,
                                             const SkillGraph& first);

}  // namespace skillit
