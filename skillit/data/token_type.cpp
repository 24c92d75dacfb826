#include "skillit/data/token_type.h"

#include <cstring>
#include <limits>
#include <utility>

namespace skillit {
namespace {

template <class T>
std::optional<std::size_t> append_as(std::string_view bytes, std::vector<TokenId>& tokens) {
  const std::size_t count = bytes.size() / sizeof(T);
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    if (std::cmp_less(value, 0) || std::cmp_greater(value, std::numeric_limits<TokenId>::max()))
      return i;
    tokens.push_back(static_cast<TokenId>(value));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> append_tokens(std::string_view bytes, TokenType type,
                                         std::vector<TokenId>& tokens) {
  switch (type) {
    case TokenType::kU8:
      return append_as<std::uint8_t>(bytes, tokens);
    case TokenType::kI8:
      return append_as<std::int8_t>(bytes, tokens);
    case TokenType::kI16:
      return append_as<std::int16_t>(bytes, tokens);
    case TokenType::kU16:
      return append_as<std::uint16_t>(bytes, tokens);
    case TokenType::kI64:
      return append_as<std::int64_t>(bytes, tokens);
    case TokenType::kU32:
      return append_as<std::uint32_t>(bytes, tokens);
    default:
      return append_as<std::int32_t>(bytes, tokens);
  }
}

}  // namespace skillit
