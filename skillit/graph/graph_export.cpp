#include "skillit/graph/graph_export.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "skillit/base/csv.h"

namespace skillit {
namespace {

constexpr double kWidest = 4;  ///< Of an arrow, in points.

/// `text` between quotes, each `special` in it after an `escape`.
std::string quoted(std::string_view text, std::string_view special, char escape) {
  std::string result = "\"";
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += escape;
    result += c;
  }
  return result + '"';
}

std::string evidence_fields(const EdgeEstimate& edge) {
  const std::string error =
      std::isnan(edge.standard_error) ? "" : fmt::format("{:.17g}", edge.standard_error);
  return fmt::format("{},{:.17g},{},{}", edge.n, edge.mean, error, edge.in_noise);
}

}  // namespace

std::string graph_to_csv(const LearnedGraph& learned) {
  const SkillGraph& graph = learned.graph;
  std::string text = "train,eval,weight,n,mean,standard_error,in_noise\r\n";
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    for (std::size_t j = 0; j < graph.eval_skills().size(); ++j) {
      text += fmt::format("{},{},{:.17g},{}\r\n", csv_field(graph.train_skills()[i]),
                          csv_field(graph.eval_skills()[j]), graph(i, j),
                          learned.edges.empty() ? ",,," : evidence_fields(learned.edge(i, j)));
    }
  }
  return text;
}

std::string graph_to_dot(const SkillGraph& graph) {
  const auto node = [](const std::string& name) { return quoted(name, "\"\\", '\\'); };
  double largest = 0;
  std::string text = "digraph skills {\n";
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    text += fmt::format("  {};\n", node(graph.train_skills()[i]));
    for (const double weight : graph.row(i)) largest = std::max(largest, std::abs(weight));
  }
  for (const std::string& name : graph.eval_skills().names()) {
    if (!graph.train_skills().find(name)) text += fmt::format("  {} [shape=box];\n", node(name));
  }
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    for (std::size_t j = 0; j < graph.eval_skills().size(); ++j) {
      const double weight = graph(i, j);
      if (weight == 0 || graph.train_skills()[i] == graph.eval_skills()[j]) continue;
      text += fmt::format("  {} -> {} [label=\"{:.3g}\", penwidth={:.2f}{}];\n",
                          node(graph.train_skills()[i]), node(graph.eval_skills()[j]), weight,
                          std::max(0.5, kWidest * std::abs(weight) / largest),
                          weight < 0 ? ", style=dashed" : "");
    }
  }
  return text + "}\n";
}

}  // namespace skillit
