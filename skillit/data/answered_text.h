#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skillit/data/sample_store.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// A text that knows which of its bytes are the answer. Built from left to right.
class AnsweredText {
 public:
  void add(std::string_view part) { text_ += part; }
  /// Adds a part of the answer; keep the space before it outside, so that every tokenizer scores
  /// only the answer.
  void add_answer(std::string_view part);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Begin and end byte of each part of the answer.
  [[nodiscard]] const std::vector<std::pair<std::size_t, std::size_t>>& answers() const noexcept {
    return answers_;
  }

 private:
  std::string text_;
  std::vector<std::pair<std::size_t, std::size_t>> answers_;
};

/// Which tokens of a synthetic sample count in the loss.
enum class ScoredTokens {
  kAnswer,  ///< The tokens that hold a byte of the answer.
  kAll,     ///< Every token but the first. In training only: validation always scores the answer.
};

/// A text's tokens, and for each whether its prediction counts (the first never).
struct MarkedTokens {
  std::vector<TokenId> tokens;
  std::vector<std::uint8_t> scored;
};

/// @throws Error kBadArgument when the tokenizer cannot express the text.
[[nodiscard]] MarkedTokens mark_answers(const AnsweredText& text, const Tokenizer& tokenizer,
                                        ScoredTokens scored);

/// Adds the text's tokens to the store.
/// @throws Error kBadArgument when the tokenizer cannot express the text, or scores nothing in it.
void add_answered_text(const AnsweredText& text, const Tokenizer& tokenizer, ScoredTokens scored,
                       SampleStore& store);

}  // namespace skillit
