#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>

namespace skillit {

/// NumPy's RandomState(seed).shuffle() of a one-dimensional array, bit for bit: what Megatron
/// orders its data with. Successive calls go on with the same generator.
class LegacyShuffle {
 public:
  explicit LegacyShuffle(std::uint32_t seed) : engine_(seed) {}

  /// Fewer than 2^32 values.
  template <class T>
  void shuffle(std::span<T> values) {
    std::array<std::uint32_t, kAhead> partners;
    for (std::size_t left = values.size(); left > 1;) {
      // The partners do not depend on the values, so memory is asked for them ahead of time.
      const std::size_t count = left - 1 < kAhead ? left - 1 : kAhead;
      for (std::size_t i = 0; i < count; ++i) {
        partners[i] = at_most(static_cast<std::uint32_t>(left - 1 - i));
        __builtin_prefetch(&values[partners[i]], 1);
      }
      for (std::size_t i = 0; i < count; ++i, --left)
        std::swap(values[left - 1], values[partners[i]]);
    }
  }

 private:
  static constexpr std::size_t kAhead = 64;

  /// Uniform in 0 .. most, by rejection under the mask of most's bits.
  [[nodiscard]] std::uint32_t at_most(std::uint32_t most) {
    const std::uint32_t mask = UINT32_MAX >> __builtin_clz(most);
    std::uint32_t value = 0;
    do value = static_cast<std::uint32_t>(engine_()) & mask;
    while (value > most);
    return value;
  }

  std::mt19937 engine_;  // Its output is fixed by the standard; NumPy seeds it likewise.
};

}  // namespace skillit
