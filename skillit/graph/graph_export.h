#pragma once

#include <string>

#include "skillit/graph/learned_graph.h"

namespace skillit {

/// Comma-separated values (RFC 4180), a line per edge below the heading
///   train,eval,weight,n,mean,standard_error,in_noise
/// Row by row; what is not known stays empty. For export only.
[[nodiscard]] std::string graph_to_csv(const LearnedGraph& learned);

/// A directed graph for Graphviz: one node per name, an arrow for every weight that is not 0
/// between different skills, as wide as it is large, dashed where negative; a box where a skill is
/// only evaluated. For export only.
[[nodiscard]] std::string graph_to_dot(const SkillGraph& graph);

}  // namespace skillit
