#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <unordered_set>

namespace skillit {

/// The smallest and largest hash of a skill's documents.
struct HashRange {
  std::uint64_t smallest = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t largest = 0;

  void add(std::uint64_t hash) {
    smallest = std::min(smallest, hash);
    largest = std::max(largest, hash);
  }
};

/// Which documents are held out for validation, by the hash of their content alone: so that the
/// split is the same on every machine, stays when documents are added or reordered, and never has
/// the same text on both sides.
class HeldOut {
 public:
  /// About this share of all documents; 0 = none. Of every skill also the document of the smallest
  /// hash, so that none has nothing to validate; and never all of a skill, whose document of the
  /// largest hash then stays to be trained on (so also the only text of a skill). A range may be
  /// empty.
  explicit HeldOut(double fraction, std::span<const HashRange> skills = {});

  [[nodiscard]] bool contains(std::uint64_t hash) const {
    return (hash < limit_ || more_.contains(hash)) && !kept_.contains(hash);
  }

 private:
  std::uint64_t limit_;
  std::unordered_set<std::uint64_t> more_;
  std::unordered_set<std::uint64_t> kept_;
};

}  // namespace skillit
