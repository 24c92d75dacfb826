#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "skillit/skill/skill_set.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// One training or validation sequence, borrowed from its store. scored[t] = 1 when the prediction
/// of tokens[t] (from tokens[0..t-1]) counts in the loss; scored[0] is always 0.
struct Sample {
  std::span<const TokenId> tokens;
  std::span<const std::uint8_t> scored;
  /// Where another document begins that must not see what stands before it, rising, each > 0 and
  /// not scored. Usually empty: all tokens may see those before.
  std::span<const std::uint32_t> starts = {};
};

/// A sample that owns its parts.
struct SampleBuffer {
  std::vector<TokenId> tokens;
  std::vector<std::uint8_t> scored;
  std::vector<std::uint32_t> starts;

  [[nodiscard]] Sample view() const { return {tokens, scored, starts}; }
};

/// The samples of one skill, in memory, in a fixed order. Append-only; after filling, safe to read
/// from many threads.
class SampleStore {
 public:
  /// @throws Error kBadArgument on an empty sample, marks that do not fit the tokens or are not 0
  /// or 1, a scored first token, starts that do not rise within the sample or are scored, or no
  /// scored token at all.
  void add(const Sample& sample);
  void add(std::span<const TokenId> tokens, std::span<const std::uint8_t> scored) {
    add({tokens, scored});
  }

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] Sample operator[](std::size_t index) const;
  [[nodiscard]] std::uint64_t num_tokens() const noexcept { return tokens_.size(); }
  [[nodiscard]] std::uint64_t num_bytes() const noexcept;  ///< In memory.
  /// Of all tokens, marks, bounds and starts.
  [[nodiscard]] std::string fingerprint() const;

 private:
  std::vector<TokenId> tokens_;
  std::vector<std::uint8_t> scored_;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint64_t> start_ends_;  ///< Empty while no sample has starts.
};

/// What a run trains on and is measured on, by skill id. No sample of `validation` is in `train`.
struct SkillData {
  SkillSet skills;
  std::vector<SampleStore> train;
  std::vector<SampleStore> validation;
};

}  // namespace skillit
