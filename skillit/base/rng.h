#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace skillit {

/// Random numbers whose bits are the same on every machine and compiler (xoshiro256**; the standard
/// library's distributions and std::shuffle are not). Every random choice in skillit takes one of
/// these, derived from (seed, purpose, index), so that no two purposes share a sequence. Not
/// thread-safe; cheap to copy.
class Rng {
 public:
  /// An independent sequence for each (seed, purpose, index). Example: Rng(7, "train order",
  /// skill).
  explicit Rng(std::uint64_t seed, std::string_view purpose = {}, std::uint64_t index = 0);

  /// 64 uniform bits.
  std::uint64_t next();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  /// Uniform in [0, bound), without bias. bound >= 1.
  std::uint64_t below(std::uint64_t bound);
  /// Standard normal (polar method). To the last bit or two: it takes a logarithm from the C
  /// library.
  double normal();

  /// Fisher-Yates; pinned by a test.
  template <class T>
  void shuffle(std::span<T> values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

/// One 64-bit key from a seed, a purpose and an index: what Rng starts from.
[[nodiscard]] std::uint64_t derive_seed(std::uint64_t seed, std::string_view purpose,
                                        std::uint64_t index = 0);

/// The splitmix64 finaliser: a bijection of 64-bit words in which every input bit touches every
/// output bit.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace skillit
