#pragma once

#include <cstdint>

namespace skillit {

/// A random-looking order of 0..n-1 chosen by a key, without a table: each place is computed by
/// itself, in constant memory (a Feistel network over the next power of two; values past n are sent
/// through again). The same bits on every machine. Any n from 1 to 2^63. Cheap to make;
/// thread-safe.
class KeyedPermutation {
 public:
  /// @throws std::logic_error on n of 0 or over 2^63.
  KeyedPermutation(std::uint64_t n, std::uint64_t key);

  /// What stands at `place` in the order; a bijection of [0, n). place < n.
  [[nodiscard]] std::uint64_t operator()(std::uint64_t place) const noexcept;

 private:
  [[nodiscard]] std::uint64_t encrypt(std::uint64_t value) const noexcept;

  std::uint64_t n_;
  std::uint64_t key_;
  int low_bits_;
  int high_bits_;
};

}  // namespace skillit
