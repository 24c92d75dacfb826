#include "skillit/graph/strong_components.h"

#include <algorithm>

namespace skillit {
namespace {

class Tarjan {
 public:
  Tarjan(std::size_t num_nodes, const std::function<EdgeStep(std::size_t, std::size_t)>& next_edge)
      : next_edge_(next_edge), index_(num_nodes, kNoNode), low_(num_nodes), on_stack_(num_nodes) {}

  [[nodiscard]] std::vector<std::vector<std::size_t>> run() {
    for (std::size_t node = 0; node < index_.size(); ++node) {
      if (index_[node] == kNoNode) walk_from(node);
    }
    return std::move(components_);
  }

 private:
  struct Frame {
    std::size_t node;
    std::size_t place;  ///< Where its successors go on.
  };

  void enter(std::size_t node) {
    index_[node] = low_[node] = count_++;
    stack_.push_back(node);
    on_stack_[node] = 1;
    path_.push_back({node, 0});
  }

  void walk_from(std::size_t root) {
    enter(root);
    while (!path_.empty()) {
      const std::size_t node = path_.back().node;
      const EdgeStep step = next_edge_(node, path_.back().place);
      if (step.node == kNoNode) {
        leave(node);
        continue;
      }
      path_.back().place = step.next;
      if (index_[step.node] == kNoNode)
        enter(step.node);
      else if (on_stack_[step.node])
        low_[node] = std::min(low_[node], index_[step.node]);
    }
  }

  void leave(std::size_t node) {
    path_.pop_back();
    if (!path_.empty()) {
      std::size_t& above = low_[path_.back().node];
      above = std::min(above, low_[node]);
    }
    if (low_[node] != index_[node]) return;
    std::vector<std::size_t>& component = components_.emplace_back();
    std::size_t last;
    do {
      last = stack_.back();
      stack_.pop_back();
      on_stack_[last] = 0;
      component.push_back(last);
    } while (last != node);
    std::sort(component.begin(), component.end());
  }

  const std::function<EdgeStep(std::size_t, std::size_t)>& next_edge_;
  std::vector<std::size_t> index_;  ///< Order of discovery; kNoNode = not yet.
  std::vector<std::size_t> low_;    ///< Earliest node on the stack known to be reached.
  std::vector<char> on_stack_;
  std::vector<std::size_t> stack_;  ///< Nodes whose component is not complete.
  std::vector<Frame> path_;         ///< From the root to the node at hand.
  std::vector<std::vector<std::size_t>> components_;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<std::vector<std::size_t>> strong_components(
    std::size_t num_nodes, const std::function<EdgeStep(std::size_t, std::size_t)>& next_edge) {
  return Tarjan(num_nodes, next_edge).run();
}

}  // namespace skillit
