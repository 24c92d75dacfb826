#include "skillit/report/graph_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "skillit/report/graph_view.h"

namespace skillit {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormatVersion = 1;
constexpr std::size_t kMostEdges = 100;

Json edge_value(const LearnedGraph& learned, EdgePlace place) {
  const SkillGraph& graph = learned.graph;
  Json json = {{"train", graph.train_skills()[place.train]},
               {"eval", graph.eval_skills()[place.eval]},
               {"weight", graph(place.train, place.eval)},
               {"n", nullptr},
               {"mean", nullptr},
               {"interval_95", nullptr}};
  if (learned.edges.empty()) return json;
  const EdgeEstimate& edge = learned.edge(place.train, place.eval);
  json["n"] = edge.n;
  if (edge.n > 0) json["mean"] = edge.mean;
  const double reach = interval_reach(edge);
  if (!std::isnan(reach)) json["interval_95"] = {edge.mean - reach, edge.mean + reach};
  return json;
}

}  // namespace

std::string graph_view_to_json(const LearnedGraph& learned, std::span<const std::string> diagnosis,
                               double threshold) {
  const EdgeCounts counts = count_edges(learned, threshold);
  Json strongest = Json::array();
  for (const EdgePlace place : strongest_edges(learned, kMostEdges, threshold)) {
    strongest.push_back(edge_value(learned, place));
  }
  const Json json = {{"format_version", kFormatVersion},
                     {"train_skills", learned.graph.train_skills().size()},
                     {"eval_skills", learned.graph.eval_skills().size()},
                     {"threshold", threshold},
                     {"edges",
                      {{"possible", counts.possible},
                       {"helps", counts.helps},
                       {"harms", counts.harms},
                       {"noise", counts.noise}}},
                     {"strongest", strongest},
                     {"diagnosis", std::vector<std::string>(diagnosis.begin(), diagnosis.end())}};
  return json.dump(2);
}

}  // namespace skillit
