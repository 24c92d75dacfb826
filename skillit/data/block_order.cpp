#include "skillit/data/block_order.h"

#include <algorithm>

#include "skillit/base/error.h"

namespace skillit {

BlockOrder::BlockOrder(std::span<const std::uint64_t> quotas) : num_skills_(quotas.size()) {
  for (std::uint32_t skill = 0; skill < quotas.size(); ++skill) {
    if (quotas[skill] > 0) nodes_.push_back({.total = quotas[skill], .left = skill});
    size_ += quotas[skill];
  }
  SKILLIT_ASSERT(size_ <= std::uint64_t{1} << 62);
  if (nodes_.empty()) return;
  std::stable_sort(nodes_.begin(), nodes_.end(),
                   [](const Node& a, const Node& b) { return a.total < b.total; });
  // The two lightest nodes are joined again and again. Joined nodes come out in rising order of
  // weight, so the lightest is always the first skill or the first joined node not yet taken; of
  // equals, the skill.
  const std::size_t num_leaves = nodes_.size();
  nodes_.reserve(2 * num_leaves - 1);
  std::size_t next_leaf = 0;
  std::size_t next_joined = num_leaves;
  const auto take_lightest = [&] {
    const bool leaf =
        next_leaf < num_leaves &&
        (next_joined == nodes_.size() || nodes_[next_leaf].total <= nodes_[next_joined].total);
    return static_cast<std::uint32_t>(leaf ? next_leaf++ : next_joined++);
  };
  while (nodes_.size() < 2 * num_leaves - 1) {
    const std::uint32_t left = take_lightest();
    const std::uint32_t right = take_lightest();
    nodes_.push_back({.total = nodes_[left].total + nodes_[right].total,
                      .left_total = nodes_[left].total,
                      .left = left,
                      .right = right});
  }
}

std::uint64_t BlockOrder::left_share(const Node& node, std::uint64_t prefix) noexcept {
  // round(prefix * left_total / total), halves up.
  if (node.total < std::uint64_t{1} << 31) {
    return (2 * prefix * node.left_total + node.total) / (2 * node.total);
  }
  const auto product = static_cast<unsigned __int128>(prefix) * node.left_total;
  const auto total = static_cast<unsigned __int128>(node.total);
  return static_cast<std::uint64_t>((2 * product + total) / (2 * total));
}

BlockOrder::Place BlockOrder::operator[](std::uint64_t place) const noexcept {
  const Node* node = &nodes_.back();
  while (node->left_total != 0) {
    const std::uint64_t before = left_share(*node, place);
    if (left_share(*node, place + 1) > before) {
      node = &nodes_[node->left];
      place = before;
    } else {
      node = &nodes_[node->right];
      place -= before;
    }
  }
  return {node->left, place};
}

std::vector<std::uint64_t> BlockOrder::counts(std::uint64_t prefix) const {
  std::vector<std::uint64_t> counts(num_skills_, 0);
  std::vector<std::uint64_t> prefixes(nodes_.size(), prefix);
  for (std::size_t i = nodes_.size(); i-- > 0;) {  // Parents stand after their children.
    const Node& node = nodes_[i];
    if (node.left_total == 0) {
      counts[node.left] = prefixes[i];
      continue;
    }
    prefixes[node.left] = left_share(node, prefixes[i]);
    prefixes[node.right] = prefixes[i] - prefixes[node.left];
  }
  return counts;
}

}  // namespace skillit
