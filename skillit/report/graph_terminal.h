#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "skillit/graph/learned_graph.h"

namespace skillit {

enum class ColorDepth { kNone, k256, kTrue };

struct GraphTerminalOptions {
  std::size_t width = 100;               ///< Terminal cells; at least 60 are used.
  ColorDepth color = ColorDepth::kNone;  ///< kNone writes no escape sequence at all.
  double threshold = 0;                  ///< Weights below it in size count as no edge.
};

/// The graph as text for a terminal: what it holds, the heat map (a row per training skill, a
/// column per evaluation skill), the strongest edges with their intervals, and `diagnosis`, one
/// paragraph per line. No line of the heat map is longer than the width: what is too large for
/// numbers becomes signed digits, and what is too large for those becomes means over square blocks.
/// Control characters in names are shown as "?".
[[nodiscard]] std::string graph_to_terminal(const LearnedGraph& learned,
                                            std::span<const std::string> diagnosis,
                                            const GraphTerminalOptions& options = {});

}  // namespace skillit
