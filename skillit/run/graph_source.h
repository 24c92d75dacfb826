#pragma once

#include <optional>
#include <string>

#include "skillit/run/data_options.h"
#include "skillit/skill/skill_graph.h"

namespace skillit {

/// The skills graph a recipe names: "none", "paper" (the authors' graph of LEGO: identity plus 0.5
/// from skill 2 to 1, 3 and 4; or of addition: identity plus 0.5 from skill 2 to 1), else a graph
/// file. @throws Error kNotFound ("paper" for another source), kMismatch (the file's skills are not
/// the run's), and what reading a file throws.
[[nodiscard]] std::optional<SkillGraph> find_graph(const std::string& graph,
                                                   const DataOptions& data, const SkillSet& skills);

}  // namespace skillit
