#include "skillit/run/published_graphs.h"

#include <algorithm>
#include <string_view>

#include "skillit/base/error.h"
#include "skillit/graph/graph_file.h"

namespace skillit {
// From recipes/graphs/, compiled in by embed_text().
namespace detail {
std::string_view graph_ni_stance();
std::string_view graph_ni_spanish();
std::string_view graph_ni_pretraining();
std::string_view graph_ni_out_of_domain();
}  // namespace detail

namespace {

/// scripts/lego and scripts/addition of the authors' code: the second skill helps its neighbours.
SkillGraph synthetic_graph(bool is_lego, const SkillSet& skills) {
  const std::size_t size = skills.size();
  std::vector<double> weights(size * size, 0.0);
  for (std::size_t i = 0; i < size; ++i) weights[i * size + i] = 1.0;
  const std::size_t last_helped = is_lego ? 3 : 0;
  for (std::size_t j = 0; size > 1 && j <= last_helped && j < size; ++j) {
    if (j != 1) weights[size + j] = 0.5;
  }
  return {skills, skills, std::move(weights)};
}

bool has_all(const SkillSet& have, const SkillSet& wanted) {
  return std::all_of(wanted.names().begin(), wanted.names().end(),
                     [&](const std::string& name) { return have.find(name).has_value(); });
}

}  // namespace

SkillGraph published_graph(const DataOptions& data, const Dataset& dataset) {
  const SkillSet& train = dataset.train_skills;
  const SkillSet& eval = dataset.eval_skills;
  const bool is_lego = data.source == "lego" && data.shape == "chain";
  if (is_lego || data.source == "addition")
    return synthetic_graph(is_lego, dataset.all_skills).selected(train, eval);
  for (const std::string_view text :
       {detail::graph_ni_stance(), detail::graph_ni_spanish(), detail::graph_ni_pretraining(),
        detail::graph_ni_out_of_domain()}) {
    const SkillGraph graph = parse_graph_json(text, "published graph");
    if (has_all(graph.train_skills(), train) && has_all(graph.eval_skills(), eval))
      return graph.selected(train, eval);
  }
  fail(ErrorCode::kNotFound,
       "graph: there is no published graph of these skills, only of chain LEGO, of addition and of "
       "categories of Natural Instructions (recipes/graphs/); give a graph file or graph=none");
}

}  // namespace skillit
