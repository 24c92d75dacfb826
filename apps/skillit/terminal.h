#pragma once

#include <cstddef>

#include "skillit/report/graph_terminal.h"

namespace skillit::cli {

/// Columns of the terminal that standard output is; $COLUMNS, else 100, when it is none.
[[nodiscard]] std::size_t output_width();

/// Colour that standard output can show: none when it is no terminal, or $NO_COLOR is set to
/// anything, or $TERM is "dumb"; 24 bits where $COLORTERM says so; else 256 colours.
[[nodiscard]] ColorDepth output_color();

}  // namespace skillit::cli
