#include "skillit/skill/graph_ablation.h"

#include <functional>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

/// The graph with other weights on the edges between skills, which are visited row by row.
SkillGraph with_edges(const SkillGraph& graph,
                      const std::function<double(std::size_t, std::size_t)>& weight) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    const auto own = graph.eval_skills().find(graph.train_skills()[i]);
    for (std::size_t j = 0; j < graph.eval_skills().size(); ++j)
      weights.push_back(own == j ? graph(i, j) : weight(i, j));
  }
  return {graph.train_skills(), graph.eval_skills(), std::move(weights)};
}

}  // namespace

SkillGraph transposed(const SkillGraph& graph) {
  const SkillSet& skills = graph.train_skills();
  const SkillGraph square = graph.reordered(skills, skills, "graph to be transposed");
  return with_edges(square, [&](std::size_t i, std::size_t j) { return square(j, i); })
      .reordered(skills, graph.eval_skills());
}

SkillGraph shuffled(const SkillGraph& graph, std::uint64_t seed) {
  std::vector<double> edges;
  (void)with_edges(graph, [&](std::size_t i, std::size_t j) {
    edges.push_back(graph(i, j));
    return 0.0;
  });
  Rng(seed, "shuffled graph").shuffle(std::span(edges));
  std::size_t next = 0;
  return with_edges(graph, [&](std::size_t, std::size_t) { return edges[next++]; });
}

SkillGraph with_noise(const SkillGraph& graph, double deviation, std::uint64_t seed) {
  Rng rng(seed, "graph noise");
  return with_edges(
      graph, [&](std::size_t i, std::size_t j) { return graph(i, j) + deviation * rng.normal(); });
}

}  // namespace skillit
