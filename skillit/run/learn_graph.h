#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "skillit/graph/learned_graph.h"
#include "skillit/run/observer.h"
#include "skillit/run/probe_runner.h"
#include "skillit/run/recipe.h"

namespace skillit {

/// The probes of the recipe's learner, for all its seeds; none for a learner that needs none.
/// @throws Error.
[[nodiscard]] ProbePlan recipe_probes(const Recipe& recipe, const Dataset& data);

/// Learns the skills graph as recipe.learn says: makes the probes that are not there yet, side by
/// side, and fits. The learner `online` fits the study's own finished runs below `runs`/<name>
/// instead, `gradient` measures gradients at the base model. The same command again gives the same
/// graph, byte for byte, however often it was interrupted.
/// @return nothing when the observer asked to stop, or when a shard of several was run: then all
/// shards must be, and the graph is fitted without one. @throws Error.
[[nodiscard]] std::optional<LearnedGraph> learn_recipe_graph(const Recipe& recipe,
                                                             const std::filesystem::path& runs,
                                                             StudyObserver& observer,
                                                             const Shard& shard = {});

/// One line that names the run's skills on whose content the graph was not learned, as far as its
/// provenance tells; nothing when all agree or it does not say.
[[nodiscard]] std::optional<std::string> content_warning(const Recipe& recipe,
                                                         const LearnedGraph& learned,
                                                         const Dataset& data);

}  // namespace skillit
