#pragma once

#include <optional>
#include <string>

#include "skillit/run/dataset.h"
#include "skillit/select/selector.h"
#include "skillit/skill/skill_graph.h"

namespace skillit {

/// The skills graph a recipe names, on the dataset's training and evaluation skills: "none",
/// "paper" (the authors' graph of LEGO: identity plus 0.5 from skill 2 to 1, 3 and 4; or of
/// addition: identity plus 0.5 from skill 2 to 1), else a graph file, whose skills are either the
/// run's own or all of the source's. @throws Error kNotFound ("paper" for another source),
/// kMismatch (the file's skills are others), and what reading a file throws.
[[nodiscard]] std::optional<SkillGraph> find_graph(const std::string& graph,
                                                   const DataOptions& data, const Dataset& dataset);

/// What the methods of a run may draw on.
[[nodiscard]] SelectorInputs selector_inputs(const Dataset& dataset,
                                             const std::optional<SkillGraph>& graph);

}  // namespace skillit
