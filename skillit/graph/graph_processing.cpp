#include "skillit/graph/graph_processing.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "skillit/base/error.h"

namespace skillit {
namespace {

void check(const GraphProcessing& processing) {
  for (const auto& [name, value] :
       {std::pair{"threshold", processing.threshold}, {"weight", processing.weight}}) {
    if (std::isfinite(value) && value >= 0) continue;
    fail(ErrorCode::kBadArgument,
         fmt::format("graph processing: {} is {}; a finite number from 0 was expected", name,
                     value));
  }
}

double divisor(const std::vector<double>& weights, GraphScale scale) {
  double largest = 0, sum = 0;
  for (const double weight : weights) {
    largest = std::max(largest, std::abs(weight));
    sum += std::abs(weight);
  }
  const double value = scale == GraphScale::kMax ? largest : sum;
  return scale == GraphScale::kNone || value == 0 ? 1 : value;
}

void set_diagonal(const SkillSet& train, const SkillSet& eval, double value,
                  std::vector<double>& weights) {
  for (std::size_t i = 0; i < train.size(); ++i) {
    if (const auto j = eval.find(train[i])) weights[i * eval.size() + *j] = value;
  }
}

}  // namespace

std::vector<std::string_view> spec_names(DiagonalRule) {
  return {"keep", "zero", "one"};
}
std::vector<std::string_view> spec_names(GraphScale) {
  return {"none", "max", "sum"};
}

GraphProcessing parse_graph_processing(std::string_view options) {
  if (options.empty()) return {};
  const auto processing =
      read_spec_options<GraphProcessing>(parse_method_spec("process:" + std::string(options)));
  check(processing);
  return processing;
}

LearnedGraph process_edges(SkillSet train_skills, SkillSet eval_skills,
                           std::vector<EdgeEstimate> edges, const GraphProcessing& processing) {
  check(processing);
  SKILLIT_ASSERT(edges.size() == train_skills.size() * eval_skills.size());
  std::vector<double> weights(edges.size());
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const EdgeEstimate& edge = edges[e];
    const bool dropped = edge.n == 0 || (edge.in_noise && !processing.keep_noise);
    double weight = dropped || std::abs(edge.mean) < processing.threshold ? 0 : edge.mean;
    if (processing.clip) weight = std::max(weight, 0.0);
    weights[e] = weight;
  }
  const double scale = divisor(weights, processing.scale);
  for (double& weight : weights) {
    weight /= scale;
    if (processing.weight > 0 && weight > 0) weight = processing.weight;
  }
  if (processing.diagonal != DiagonalRule::kKeep) {
    set_diagonal(train_skills, eval_skills, processing.diagonal == DiagonalRule::kOne ? 1 : 0,
                 weights);
  }
  return {{std::move(train_skills), std::move(eval_skills), std::move(weights), "learned graph"},
          std::move(edges),
          {}};
}

}  // namespace skillit
