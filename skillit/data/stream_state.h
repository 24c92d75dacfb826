#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/data/block_quotas.h"
#include "skillit/data/exact_shares.h"
#include "skillit/data/skill_cursor.h"

namespace skillit {

/// What shares are shares of.
enum class StreamUnit { kSamples, kTokens };

/// What one skill was asked for and has had since its stream began.
struct StreamLedger {
  std::uint64_t samples = 0;
  std::uint64_t units = 0;  ///< Samples or tokens, as the stream's unit is.
  Fixed asked = 0;          ///< Units that the mixtures asked for.
  Fixed owed = 0;  ///< Units due and not delivered; what spent skills could not give is not due.
  friend bool operator==(const StreamLedger&, const StreamLedger&) = default;
};

/// Where a stream stands, by skill name: all that another process needs to go on, also with other
/// skills. A few hundred bytes a skill.
struct StreamState {
  struct Skill {
    std::string name;
    std::uint64_t size = 0;
    std::uint64_t key = 0;  ///< Of its order.
    std::uint64_t max_epochs = 0;
    std::vector<SkillCursor::Growth> growths;
    StreamLedger now;
    StreamLedger block_start;  ///< When the current block began.
    std::uint64_t share = 0;   ///< Asked for in the current block, in units of 2^-62.
    friend bool operator==(const Skill&, const Skill&) = default;
  };
  std::uint64_t seed = 0;
  StreamUnit unit = StreamUnit::kSamples;
  bool fair = false;
  WhenSpent when_spent = WhenSpent::kRepeat;
  std::vector<Skill> skills;
  std::vector<Skill> removed;       ///< In no mixture now; they go on if they come back.
  std::uint64_t block_samples = 0;  ///< As asked for; 0 = no block has begun.
  std::uint64_t block_offset = 0;
  friend bool operator==(const StreamState&, const StreamState&) = default;
};

/// JSON, format version 1 (docs/stream.md).
[[nodiscard]] std::string to_json(const StreamState& state);
/// `where` (a file) begins messages. @throws Error kBadFormat: not JSON, another version, a key too
/// few or too many, numbers that contradict each other.
[[nodiscard]] StreamState parse_stream_state(std::string_view text, const std::string& where);

}  // namespace skillit
