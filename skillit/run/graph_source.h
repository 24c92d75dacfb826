#pragma once

#include <optional>
#include <string>

#include "skillit/run/dataset.h"
#include "skillit/run/recipe.h"
#include "skillit/select/selector.h"
#include "skillit/skill/skill_graph.h"

namespace skillit {

/// The skills graph a recipe names, on the dataset's training and evaluation skills: "none",
/// "paper" (see published_graph()), else a graph file, whose skills are either the run's own or all
/// of the source's. @throws Error kNotFound ("paper" for other skills), kMismatch (the file's
/// skills are others), and what reading a file throws.
[[nodiscard]] std::optional<SkillGraph> find_graph(const std::string& graph,
                                                   const DataOptions& data, const Dataset& dataset);

/// The skills that a recipe trains on and evaluates.
[[nodiscard]] SkillChoice skill_choice(const Recipe& recipe);

/// What the methods of a run may draw on. @throws Error kMismatch when recipe.prior is of other
/// skills than are trained on.
[[nodiscard]] SelectorInputs selector_inputs(const Recipe& recipe, const Dataset& dataset,
                                             const std::optional<SkillGraph>& graph);

/// What a method sees before the first round, with losses of 1 in place of those that will be
/// measured: to find out now what would be refused then.
[[nodiscard]] RoundInputs first_round_of(const Recipe& recipe, const Dataset& dataset);

}  // namespace skillit
