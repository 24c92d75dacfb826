#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// A token that is cut out of a text before it is cut into words.
struct AddedToken {
  TokenId id = 0;
  std::string content;       ///< Not empty, at most AddedTokenFinder::kMaxBytes.
  bool single_word = false;  ///< Only where no word character is beside it.
  bool lstrip = false;       ///< Takes the white space before it along.
  bool rstrip = false;       ///< And the white space behind it.
  bool normalized = false;   ///< Looked for in the normalized text, in its normalized form.
  bool special = false;
};

/// A part of a text: an added token, or text between them (id < 0).
struct TextPart {
  std::string_view text;
  TokenId id = -1;
};

/// Finds a set of added tokens: from left to right, of those that begin at a place the longest.
/// Immutable; safe to use from many threads.
class AddedTokenFinder {
 public:
  static constexpr std::size_t kMaxBytes = 512;  ///< Bounds the time at one place of a text.

  AddedTokenFinder() = default;
  /// The contents are distinct. @throws Error kBadFormat when they are not, or one is empty or too
  /// long; `where` begins the message.
  AddedTokenFinder(std::vector<AddedToken> tokens, const std::string& where);

  [[nodiscard]] bool empty() const noexcept { return tokens_.empty(); }

  /// Appends the parts of `text` (valid UTF-8), without empty ones.
  void split(std::string_view text, std::vector<TextPart>& parts) const;

 private:
  struct Match {
    std::size_t begin;
    std::size_t end;
    std::size_t token;
  };
  /// The first match at or behind `at`; token == tokens_.size(): none.
  [[nodiscard]] Match find(std::string_view text, std::size_t at) const;

  std::vector<AddedToken> tokens_;
  std::bitset<256> first_bytes_;
  std::bitset<65536> first_pairs_;  // Of tokens of at least two bytes.
  // A trie: (node, byte) -> node. Node 0 is the root.
  std::unordered_map<std::uint64_t, std::uint32_t> edges_;
  std::vector<std::size_t> token_at_;  // By node; tokens_.size(): none.
};

}  // namespace skillit
