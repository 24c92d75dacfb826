#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "skillit/data/held_out.h"
#include "skillit/data/pack_options.h"

namespace skillit {

/// What is known of a corpus before any of it becomes tokens.
struct PackPlan {
  struct Skill {
    std::uint64_t duplicates = 0;  ///< To be dropped.
    std::uint64_t near_duplicates = 0;
  };

  std::uint64_t num_records = 0;
  std::uint64_t without_skill = 0;
  std::uint64_t empty = 0;
  std::map<std::string, Skill> skills;
  std::vector<bool> dropped;  ///< By record; empty when no duplicates are dropped.
  HeldOut held_out{0};
};

/// Reads every document once: so that a bad line, a missing field or an empty skill is known before
/// the long work, and to find duplicates and who is held out. Uses files in `scratch`, which must
/// exist, for what does not fit the memory.
/// @throws Error as the readers do; kBadArgument on no documents at all, or a filter that names a
/// field no document has.
[[nodiscard]] PackPlan plan_pack(const PackOptions& options, const std::filesystem::path& scratch);

}  // namespace skillit
