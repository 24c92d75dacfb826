#include "skillit/data/token_type.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace skillit {
namespace {

template <class T>
TokenId token_at(const char* bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes + index * sizeof(T), sizeof(T));
  // A value too large for a token becomes a negative one.
  if constexpr (sizeof(T) == 8)
    return std::in_range<TokenId>(value) ? static_cast<TokenId>(value) : -1;
  return static_cast<TokenId>(value);
}

template <class T>
std::optional<std::size_t> append_as(std::string_view bytes, std::vector<TokenId>& tokens) {
  const std::size_t before = tokens.size();
  const std::size_t count = bytes.size() / sizeof(T);
  tokens.resize(before + count);
  TokenId* out = tokens.data() + before;
  TokenId all = 0;  // Negative when one is. So the loop has no branch, and takes many at a time.
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = token_at<T>(bytes.data(), i);
    all |= out[i];
  }
  if (all >= 0) return std::nullopt;
  const auto bad = std::find_if(out, out + count, [](TokenId token) { return token < 0; });
  const auto place = static_cast<std::size_t>(bad - out);
  tokens.resize(before + place);
  return place;
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
