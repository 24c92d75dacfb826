#include "skillit/run/graph_source.h"

#include "skillit/base/error.h"
#include "skillit/graph/graph_file.h"

namespace skillit {
namespace {

/// The authors' graphs (scripts/lego and scripts/addition of their code): the second skill helps
/// its neighbours.
SkillGraph paper_graph(const DataOptions& data, const SkillSet& skills) {
  const bool is_lego = data.source == "lego" && data.shape == "chain";
  if (!is_lego && data.source != "addition") {
    fail(ErrorCode::kNotFound,
         "graph: there is a published graph for chain LEGO and for addition only; give a graph "
         "file or graph=none");
  }
  const std::size_t size = skills.size();
  std::vector<double> weights(size * size, 0.0);
  for (std::size_t i = 0; i < size; ++i) weights[i * size + i] = 1.0;
  const std::size_t last_helped = is_lego ? 3 : 0;
  for (std::size_t j = 0; size > 1 && j <= last_helped && j < size; ++j) {
    if (j != 1) weights[size + j] = 0.5;
  }
  return {skills, skills, std::move(weights)};
}

}  // namespace

std::optional<SkillGraph> find_graph(const std::string& graph, const DataOptions& data,
                                     const Dataset& dataset) {
  const SkillSet& train = dataset.train_skills;
  const SkillSet& eval = dataset.eval_skills;
  if (graph == "none") return std::nullopt;
  if (graph == "paper") return paper_graph(data, dataset.all_skills).selected(train, eval);
  if (graph.ends_with(".npy")) return read_graph_npy(graph, train, eval);
  const SkillGraph file = read_graph_json(graph);
  const bool is_of_all = file.train_skills().size() == dataset.all_skills.size() &&
                         file.eval_skills().size() == dataset.all_skills.size();
  return is_of_all
             ? file.reordered(dataset.all_skills, dataset.all_skills, graph).selected(train, eval)
             : file.reordered(train, eval, graph);
}

SelectorInputs selector_inputs(const Dataset& dataset, const std::optional<SkillGraph>& graph) {
  SelectorInputs inputs;
  inputs.train_skills = dataset.train_skills;
  inputs.eval_skills = dataset.eval_skills;
  inputs.graph = graph;
  const auto sizes = dataset.train_sizes();
  inputs.natural_sizes.assign(sizes.begin(), sizes.end());
  return inputs;
}

}  // namespace skillit
