#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace skillit {

/// Lays out quotas[i] samples of each skill i in one sequence so that every prefix is close to the
/// quotas' shares: among the first t of n samples, skill i has t * quotas[i] / n, give or take less
/// than 1.7 samples, however many skills there are. Each place is computed by itself in O(log k);
/// whole numbers only, so the same on every machine.
///
/// How: a binary tree over the skills that have a quota, built as a Huffman code is. A node's first
/// t samples give round(t * left / total) to its left child and the rest to its right. Each step
/// rounds by at most 1/2, and a step's error shrinks with the share of the node below it, which
/// falls at least as 1, 1, 1/2, 1/3, 1/5, 1/8, .. in a Huffman tree; half their sum is 1.68.
class BlockOrder {
 public:
  /// What stands at a place: the skill, and how many samples of it stand before.
  struct Place {
    std::uint32_t skill;
    std::uint64_t rank;
  };

  BlockOrder() = default;
  /// The quotas' sum is at most 2^62.
  explicit BlockOrder(std::span<const std::uint64_t> quotas);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// place < size().
  [[nodiscard]] Place operator[](std::uint64_t place) const noexcept;
  /// Samples of each skill among the first `prefix`. prefix <= size().
  [[nodiscard]] std::vector<std::uint64_t> counts(std::uint64_t prefix) const;

 private:
  /// A skill, or two nodes of which the first `left_total` samples in `total` go to the left.
  /// Children come first.
  struct Node {
    std::uint64_t total = 0;
    std::uint64_t left_total = 0;  ///< 0 for a skill.
    std::uint32_t left = 0;        ///< Node, or the skill itself.
    std::uint32_t right = 0;
  };
  [[nodiscard]] static std::uint64_t left_share(const Node& node, std::uint64_t prefix) noexcept;

  std::vector<Node> nodes_;  ///< The root is the last.
  std::size_t num_skills_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace skillit
