#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// How a token is stored. The numbers are Megatron's codes; its two floating-point types hold no
/// tokens.
enum class TokenType : std::uint8_t {
  kU8 = 1,
  kI8 = 2,
  kI16 = 3,
  kI32 = 4,
  kI64 = 5,
  kU16 = 8,
  kU32 = 32
};

/// Bytes of one token.
[[nodiscard]] constexpr std::uint64_t token_width(TokenType type) {
  switch (type) {
    case TokenType::kU8:
    case TokenType::kI8:
      return 1;
    case TokenType::kI16:
    case TokenType::kU16:
      return 2;
    case TokenType::kI64:
      return 8;
    default:
      return 4;
  }
}

/// What Megatron stores a vocabulary's tokens as: 16 bits below 65500 ids, else 32.
[[nodiscard]] constexpr TokenType megatron_token_type(std::size_t vocabulary_size) {
  return vocabulary_size < 65500 ? TokenType::kU16 : TokenType::kI32;
}

/// Appends the tokens that `bytes` (a whole number of them) holds. Returns the place of the first
/// that is no TokenId >= 0, where it stops.
[[nodiscard]] std::optional<std::size_t> append_tokens(std::string_view bytes, TokenType type,
                                                       std::vector<TokenId>& tokens);

}  // namespace skillit
