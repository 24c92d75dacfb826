#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace skillit {

inline constexpr std::size_t kMinHashBands = 16;
inline constexpr std::size_t kMinHashRows = 8;

/// One key per band of a text's MinHash (one permutation in 128 bins, empty bins filled from the
/// next full one; Shrivastava and Li 2014) over its runs of five words. Two texts whose runs
/// overlap with Jaccard index J share at least one key with probability about 1 - (1 - J^8)^16:
/// 0.26 at 0.6, 0.95 at 0.8, 0.9999 at 0.9.
[[nodiscard]] std::array<std::uint64_t, kMinHashBands> min_hash_bands(std::string_view text);

}  // namespace skillit
