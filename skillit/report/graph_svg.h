#pragma once

#include <string>

#include "skillit/graph/learned_graph.h"

namespace skillit {

/// The heat map as one self-contained SVG: a row per training skill, a column per evaluation skill,
/// names where they are large enough to read (else numbers along the edge), weights inside large
/// cells, a legend. Dark where the reader prefers that. Weights below `threshold` in size count as
/// no edge.
[[nodiscard]] std::string graph_to_svg(const LearnedGraph& learned, double threshold = 0);

}  // namespace skillit
