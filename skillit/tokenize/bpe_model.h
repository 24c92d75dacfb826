#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "skillit/base/bytes.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// What a byte-pair encoding is made of, as tokenizer.json has it under "model".
struct BpeParts {
  std::unordered_map<std::string, TokenId> vocabulary;      ///< Ids >= 0, each once.
  std::vector<std::pair<std::string, std::string>> merges;  ///< The first is done first.
  std::optional<std::string> unknown;  ///< The token for a character that is in no token.
  bool fuse_unknown = false;           ///< A run of such characters becomes one token.
  bool byte_fallback = false;          ///< First try the tokens <0x00> .. <0xFF> for its bytes.
  bool ignore_merges = false;  ///< A word that is a token is that token, whatever the merges say.
  bool byte_level =
      false;  ///< Words are bytes, written in the vocabulary as byte_to_sign() has it.
};

/// The character (UTF-8) that stands for a byte in a byte-level vocabulary: itself when it is a
/// printable sign of Latin-1, else U+0100 and on.
[[nodiscard]] const std::string& byte_to_sign(unsigned char byte);

/// The bytes that a byte-level token stands for; the token as it is when it has any other
/// character.
[[nodiscard]] std::string signs_to_bytes(std::string_view token);

/// Words to ids by byte-pair encoding (Sennrich et al. 2016): of all neighbours in a word the pair
/// of lowest rank is merged, the leftmost first, until none is left. Time n log n. Immutable; safe
/// to use from many threads.
class BpeModel {
 public:
  /// `where` begins every message. @throws Error kBadFormat when a merge or the unknown token is
  /// not made of tokens of the vocabulary.
  BpeModel(BpeParts parts, std::string where);

  /// Room for one word's symbols; reuse it for speed.
  struct Scratch {
    std::vector<TokenId> symbols;
    std::vector<std::uint32_t> ranks;
    std::vector<std::uint32_t> left;
    std::vector<std::uint32_t> right;
    std::vector<std::uint64_t> heap;
    std::string signs;
  };

  /// Appends the ids of a word of at most 2^32 - 2 bytes: any bytes when byte_level, else valid
  /// UTF-8.
  /// @throws Error kBadArgument on a character that neither the vocabulary nor a fallback has.
  void encode(std::string_view word, Scratch& scratch, std::vector<TokenId>& tokens) const;

  [[nodiscard]] const BpeParts& parts() const noexcept { return parts_; }
  [[nodiscard]] std::optional<TokenId> find(const std::string& token) const;
  /// Writes all that decides the ids, in an order of its own.
  void put_content(ByteWriter& out) const;

 private:
  /// A merge in the hash table: what becomes of two neighbours.
  struct Merge {
    std::uint64_t pair;
    std::uint32_t rank;
    TokenId token;
  };
  static constexpr std::uint32_t kNoRank = 0xffffffff;
  static constexpr std::uint64_t kNoPair = ~std::uint64_t{0};

  [[nodiscard]] TokenId require(const std::string& token, std::string_view role) const;
  void add_merges();
  [[nodiscard]] const Merge& merge_of(TokenId left, TokenId right) const noexcept;
  void to_symbols(std::string_view word, Scratch& scratch) const;
  void merge_short(Scratch& scratch) const;
  void merge_long(Scratch& scratch) const;

  BpeParts parts_;
  std::string where_;
  std::array<TokenId, 256> byte_ids_{};  // Of a byte's sign, or of an ASCII character; -1: none.
  std::array<TokenId, 256> fallback_ids_{};  // Of <0x00> and on; -1: none.
  TokenId unknown_ = -1;
  std::vector<Merge> table_;
  std::uint64_t mask_ = 0;
};

}  // namespace skillit
