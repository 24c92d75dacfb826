#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "skillit/nn/gpt_weights.h"
#include "skillit/nn/weight_placement_private.h"

namespace skillit::detail {
namespace {

struct Rows {
  std::int64_t first;
  std::int64_t count;
};

Rows rows_of(Part part, std::int64_t all, const Architecture& a) {
  const std::int64_t queries = a.heads * a.head_width;
  const std::int64_t pairs = a.kv_heads * a.head_width;
  switch (part) {
    case Part::kWhole:
      return {0, all};
    case Part::kQueries:
      return {0, queries};
    case Part::kKeys:
      return {queries, pairs};
    case Part::kValues:
      return {queries + pairs, pairs};
    case Part::kGate:
      return {0, a.inner};
    case Part::kIn:
      return {a.inner, a.inner};
  }
  return {0, all};
}

}  // namespace

std::vector<Placement> placements(const ModelFamily& family, const Architecture& architecture) {
  std::map<std::string, std::vector<std::int64_t>> shapes;
  for (const Parameters::Spec& spec : weights_of(architecture)) shapes[spec.name] = spec.shape;
  std::vector<Placement> result;
  const auto add = [&](const WeightRule& rule, const std::string& theirs, const std::string& ours) {
    const auto shape = shapes.find(ours);
    if (shape == shapes.end()) return;
    const Rows rows = rows_of(rule.part, shape->second[0], architecture);
    std::vector<std::int64_t> their_shape = shape->second;
    their_shape[0] = rows.count;
    if (rule.layout == Layout::kTransposed) std::reverse(their_shape.begin(), their_shape.end());
    result.push_back(
        {theirs, ours, rule.part, rule.layout, std::move(their_shape), rows.first, rows.count});
  };
  for (const WeightRule& rule : family.model)
    add(rule, std::string(rule.theirs), std::string(rule.ours));
  for (std::int64_t layer = 0; layer < architecture.layers; ++layer) {
    for (const WeightRule& rule : family.block)
      add(rule, fmt::format(fmt::runtime(rule.theirs), layer),
          fmt::format("blocks.{}.{}", layer, rule.ours));
  }
  return result;
}

}  // namespace skillit::detail
