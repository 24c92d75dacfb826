#include "skillit/report/graph_terminal.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "skillit/report/graph_heat_text.h"
#include "skillit/report/graph_view.h"
#include "skillit/report/text_layout.h"

namespace skillit {
namespace {

constexpr std::size_t kLeastWidth = 60;
constexpr std::size_t kMostEdges = 12;
constexpr std::size_t kNumbers = 44;  // Cells of a listed edge beside its two names.

std::string heading(const std::string& text, const GraphTerminalOptions& options) {
  return options.color == ColorDepth::kNone ? fmt::format("\n{}\n", text)
                                            : fmt::format("\n\033[1m{}\033[0m\n", text);
}

/// "+0.518 ± 0.071, n = 5": what was measured; processing may have changed the weight since.
std::string evidence(const LearnedGraph& learned, EdgePlace place) {
  if (learned.edges.empty()) return "";
  const EdgeEstimate& edge = learned.edge(place.train, place.eval);
  if (edge.n == 0) return "not measured";
  const double reach = interval_reach(edge);
  if (std::isnan(reach)) return fmt::format("{:+.3g}, n = {}", edge.mean, edge.n);
  return fmt::format("{:+.3g} ± {:.2g}, n = {}", edge.mean, reach, edge.n);
}

std::string edge_list(const LearnedGraph& learned, const GraphTerminalOptions& options) {
  const SkillGraph& graph = learned.graph;
  const auto edges = strongest_edges(learned, kMostEdges, options.threshold);
  if (edges.empty()) return "none\n";
  const std::size_t most = std::min<std::size_t>((options.width - kNumbers) / 2, 34);
  std::size_t from = 0;
  std::size_t to = 0;
  for (const EdgePlace place : edges) {
    from = std::max(from, display_width(printable_name(graph.train_skills()[place.train], most)));
    to = std::max(to, display_width(printable_name(graph.eval_skills()[place.eval], most)));
  }
  const double full = full_color_weight(graph);
  std::string text = pad_right("", from + 3 + to) + "  weight" +
                     (learned.edges.empty() ? "" : "  measured, ± 95 %") + "\n";
  for (const EdgePlace place : edges) {
    const double weight = graph(place.train, place.eval);
    text +=
        pad_right(printable_name(graph.train_skills()[place.train], most), from) + " → " +
        pad_right(printable_name(graph.eval_skills()[place.eval], most), to) + " " +
        on_weight_color(fmt::format(" {:>6} ", weight_text(weight)), weight / full, options.color) +
        (learned.edges.empty() ? "" : " ") + evidence(learned, place) + "\n";
  }
  return text;
}

}  // namespace

std::string graph_to_terminal(const LearnedGraph& learned, std::span<const std::string> diagnosis,
                              const GraphTerminalOptions& given) {
  GraphTerminalOptions options = given;
  options.width = std::max(options.width, kLeastWidth);
  const SkillGraph& graph = learned.graph;
  std::string text =
      wrap("",
           fmt::format("Skills graph: {} training skills (rows) x {} evaluation skills (columns)",
                       graph.train_skills().size(), graph.eval_skills().size()),
           options.width);
  text += wrap("", counts_text(count_edges(learned, options.threshold)), options.width);
  if (options.threshold > 0)
    text += fmt::format("Weights below {:.3g} in size count as no edge.\n", options.threshold);
  text += heading("How much training on the row helps the column", options);
  text += heat_text(learned, options);
  text += heading("Strongest edges between different skills", options);
  text += edge_list(learned, options);
  if (!diagnosis.empty()) text += heading("What this means", options);
  for (const std::string& line : diagnosis) text += wrap("", line, options.width);
  return text;
}

}  // namespace skillit
