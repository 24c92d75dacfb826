#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "skillit/data/pack_index.h"

namespace skillit {

/// Documents by length: place i counts those of 2^(i-1) to 2^i - 1 tokens, place 0 the empty ones.
using LengthHistogram = std::array<std::uint64_t, 33>;

struct PackPartStats {
  LengthHistogram lengths{};
  std::uint64_t longest = 0;     ///< Tokens.
  std::uint64_t duplicates = 0;  ///< Documents equal to an earlier one of the part.
};

/// What a pack holds beyond what its index says. Skills are as in the index.
struct PackStats {
  struct Overlap {
    std::size_t first = 0;   ///< Skill.
    std::size_t second = 0;  ///< Skill, after first.
    std::uint64_t texts = 0;
  };

  std::vector<PackPartStats> train;
  std::vector<PackPartStats> validation;
  /// Different texts (as tokens) that two skills share on any side; only pairs that share some,
  /// most first.
  std::vector<Overlap> overlaps;
  /// By skill: different texts of its validation part that are in some skill's training part.
  std::vector<std::uint64_t> validation_in_train;
};

/// Reads every token once. Memory is the setting; more goes to files in the system's folder for
/// temporary files. @throws Error as open_pack_part; kIo.
[[nodiscard]] PackStats compute_pack_stats(const std::filesystem::path& folder,
                                           const PackIndex& index, std::uint64_t memory_bytes);

}  // namespace skillit
