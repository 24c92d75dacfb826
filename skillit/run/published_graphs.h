#pragma once

#include "skillit/run/dataset.h"
#include "skillit/skill/skill_graph.h"

namespace skillit {

/// The graph that the paper's authors published for these skills. LEGO chains: identity plus 0.5
/// from skill 2 to 1, 3 and 4; addition: identity plus 0.5 from skill 2 to 1; Natural Instructions:
/// the smallest of recipes/graphs/ni-*.json with all of the run's skills, cut to them.
/// @throws Error kNotFound when there is none.
[[nodiscard]] SkillGraph published_graph(const DataOptions& data, const Dataset& dataset);

}  // namespace skillit
