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
};

/// The samples of one skill, in memory, in a fixed order. Append-only; after filling, safe to read
/// from many threads.
class SampleStore {
 public:
  /// @throws Error kBadArgument on an empty sample, marks that do not fit the tokens or are not 0
  /// or 1, a scored first token, or no scored token at all.
  void add(std::span<const TokenId> tokens, std::span<const std::uint8_t> scored);

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] Sample operator[](std::size_t index) const;
  [[nodiscard]] std::uint64_t num_tokens() const noexcept { return tokens_.size(); }
  /// Of all tokens, marks and bounds.
  [[nodiscard]] std::string fingerprint() const;

 private:
  std::vector<TokenId> tokens_;
  std::vector<std::uint8_t> scored_;
  std::vector<std::uint64_t> ends_;
};

/// What a run trains on and is measured on, by skill id. No sample of `validation` is in `train`.
struct SkillData {
  SkillSet skills;
  std::vector<SampleStore> train;
  std::vector<SampleStore> validation;
};

}  // namespace skillit
