#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skillit {

using TokenId = std::int32_t;

/// Text <-> token ids. Immutable after construction; safe to use from many threads.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  /// @throws Error kBadArgument when the text holds something the vocabulary cannot express (says
  /// what and where).
  [[nodiscard]] virtual std::vector<TokenId> encode(std::string_view text) const = 0;
  /// decode(encode(text)) == text, but for what a BpeTokenizer is told to change. @throws Error
  /// kBadArgument on an id outside the vocabulary.
  [[nodiscard]] virtual std::string decode(std::span<const TokenId> tokens) const = 0;
  [[nodiscard]] virtual std::size_t vocabulary_size() const = 0;
  /// Id that separates documents; every tokenizer has one. encode() never gives it, but for a
  /// BpeTokenizer where the text spells it out.
  [[nodiscard]] virtual TokenId end_of_document() const = 0;
  /// Changes whenever the same text could get other ids.
  [[nodiscard]] virtual std::string fingerprint() const = 0;
};

}  // namespace skillit
