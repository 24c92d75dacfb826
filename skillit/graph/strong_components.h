#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace skillit {

inline constexpr std::size_t kNoNode = static_cast<std::size_t>(-1);

/// A node's next successor, and the place from which to ask for the one after.
struct EdgeStep {
  std::size_t node = kNoNode;  ///< kNoNode = there is none left.
  std::size_t next = 0;
};

/// Strongly connected components of nodes 0 to num_nodes - 1, each with increasing ids, in no
/// particular order: Tarjan's algorithm with its own stack, so that a long chain does not exhaust
/// the machine's. `next_edge(node, place)` walks a node's successors from place 0 on, as far as it
/// is asked: no list of edges is ever made.
[[nodiscard]] std::vector<std::vector<std::size_t>> strong_components(
    std::size_t num_nodes, const std::function<EdgeStep(std::size_t, std::size_t)>& next_edge);

}  // namespace skillit
