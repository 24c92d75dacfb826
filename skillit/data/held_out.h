#pragma once

#include <cstdint>
#include <unordered_set>

namespace skillit {

/// Which documents are held out for validation, by the hash of their content alone: so that the
/// split is the same on every machine, stays when documents are added or reordered, and never has
/// the same text on both sides.
class HeldOut {
 public:
  /// About this share of all documents; 0 = none.
  explicit HeldOut(double fraction);

  /// Holds this one out too. Give each skill's smallest hash, so that none has nothing to validate.
  void add(std::uint64_t hash) { more_.insert(hash); }
  [[nodiscard]] bool contains(std::uint64_t hash) const {
    return hash < limit_ || more_.contains(hash);
  }

 private:
  std::uint64_t limit_;
  std::unordered_set<std::uint64_t> more_;
};

}  // namespace skillit
