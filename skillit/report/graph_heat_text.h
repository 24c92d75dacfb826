#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "skillit/graph/learned_graph.h"
#include "skillit/report/graph_terminal.h"

namespace skillit {

/// `text` on a ground, as the depth of colour allows; `text` itself without colour.
/// `part` is the weight as a part of the full colour's, in [-1, 1].
[[nodiscard]] std::string on_weight_color(std::string_view text, double part, ColorDepth depth);

/// A skill's name with control characters made harmless, cut in the middle to `width` cells.
[[nodiscard]] std::string printable_name(std::string_view name, std::size_t width);

/// The heat map of graph_to_terminal() with what one needs to read it: heads, rows, legend. The
/// form is the richest that fits: a signed number per edge, a signed digit per edge, or (more than
/// 64 rows, or too wide) the mean of each block of edges.
[[nodiscard]] std::string heat_text(const LearnedGraph& learned,
                                    const GraphTerminalOptions& options);

}  // namespace skillit
