#pragma once

#include <span>
#include <string>
#include <string_view>

#include "skillit/graph/learned_graph.h"

namespace skillit {

struct GraphHtmlOptions {
  std::string_view title = "Skills graph";
  double threshold = 0;  ///< Where the heat map's slider starts: weights below it are not shown.
};

/// One self-contained page that opens offline: heat map and network of the graph with a threshold
/// slider, the evidence for each edge (n, mean, 95 % interval), a list of the strongest edges, and
/// `diagnosis`, one paragraph per line. `charts_script` is the source of Apache ECharts 6
/// (echarts.min.js), which the page carries.
/// @throws Error kBadArgument when `charts_script` cannot stand inside a page ("</script").
[[nodiscard]] std::string graph_to_html(const LearnedGraph& learned,
                                        std::span<const std::string> diagnosis,
                                        std::string_view charts_script,
                                        const GraphHtmlOptions& options = {});

}  // namespace skillit
