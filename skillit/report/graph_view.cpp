#include "skillit/report/graph_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "skillit/report/statistics.h"

namespace skillit {
namespace {

template <class Visit>
void for_each_place(const SkillGraph& graph, const Visit& visit) {
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    for (std::size_t j = 0; j < graph.eval_skills().size(); ++j) visit(EdgePlace{i, j});
  }
}

}  // namespace

double drawn_weight(const SkillGraph& graph, EdgePlace place, double threshold) {
  const double weight = graph(place.train, place.eval);
  return std::abs(weight) < threshold ? 0.0 : weight;
}

std::string weight_text(double weight) {
  const double size = std::abs(weight);
  if (size == 0) return "0";
  if (size >= 999.5 || size < 0.0005) return fmt::format("{:+.0e}", weight);
  const int decimals = size >= 99.95 ? 0 : size >= 9.9995 ? 1 : 3;
  return fmt::format("{:+.{}f}", weight, decimals);
}

bool is_self_edge(const SkillGraph& graph, EdgePlace place) {
  return graph.train_skills()[place.train] == graph.eval_skills()[place.eval];
}

bool is_noise(const LearnedGraph& learned, EdgePlace place) {
  return !learned.edges.empty() && learned.edge(place.train, place.eval).in_noise;
}

double full_color_weight(const SkillGraph& graph) {
  double between = 0;
  double largest = 0;
  for_each_place(graph, [&](EdgePlace place) {
    const double size = std::abs(graph(place.train, place.eval));
    largest = std::max(largest, size);
    if (!is_self_edge(graph, place)) between = std::max(between, size);
  });
  if (between > 0) return between;
  return largest > 0 ? largest : 1.0;
}

EdgeCounts count_edges(const LearnedGraph& learned, double threshold) {
  EdgeCounts counts;
  for_each_place(learned.graph, [&](EdgePlace place) {
    if (is_self_edge(learned.graph, place)) return;
    ++counts.possible;
    const double weight = drawn_weight(learned.graph, place, threshold);
    if (weight > 0) ++counts.helps;
    if (weight < 0) ++counts.harms;
    if (weight == 0 && is_noise(learned, place)) ++counts.noise;
  });
  return counts;
}

std::string counts_text(const EdgeCounts& counts) {
  std::string text =
      fmt::format("{} of {} possible edges between different skills: {} help, {} harm",
                  counts.helps + counts.harms, counts.possible, counts.helps, counts.harms);
  if (counts.noise > 0) text += fmt::format("; {} more are within the noise", counts.noise);
  return text;
}

std::vector<EdgePlace> strongest_edges(const LearnedGraph& learned, std::size_t count,
                                       double threshold) {
  const SkillGraph& graph = learned.graph;
  std::vector<EdgePlace> places;
  for_each_place(graph, [&](EdgePlace place) {
    if (!is_self_edge(graph, place) && drawn_weight(graph, place, threshold) != 0) {
      places.push_back(place);
    }
  });
  const auto stronger = [&graph](EdgePlace a, EdgePlace b) {
    const double size_a = std::abs(graph(a.train, a.eval));
    const double size_b = std::abs(graph(b.train, b.eval));
    if (size_a != size_b) return size_a > size_b;
    return a.train != b.train ? a.train < b.train : a.eval < b.eval;
  };
  const std::size_t kept = std::min(count, places.size());
  std::partial_sort(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(kept),
                    places.end(), stronger);
  places.resize(kept);
  return places;
}

double interval_reach(const EdgeEstimate& edge) {
  if (edge.n < 2) return std::numeric_limits<double>::quiet_NaN();
  return student_t_quantile(0.975, static_cast<double>(edge.n - 1)) * edge.standard_error;
}

}  // namespace skillit
