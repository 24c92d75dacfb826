#include "skillit/tokenize/byte_tokenizer.h"

#include <fmt/core.h>

#include "skillit/base/error.h"
#include "skillit/base/fingerprint.h"

namespace skillit {

std::vector<TokenId> ByteTokenizer::encode(std::string_view text) const {
  std::vector<TokenId> tokens(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) tokens[i] = static_cast<unsigned char>(text[i]);
  return tokens;
}

std::string ByteTokenizer::decode(std::span<const TokenId> tokens) const {
  std::string text;
  text.reserve(tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] < 0 || tokens[i] > 255) {
      fail(ErrorCode::kBadArgument,
           fmt::format("byte tokenizer: token {} is {}; only 0..255 stand for text", i, tokens[i]));
    }
    text += static_cast<char>(tokens[i]);
  }
  return text;
}

std::string ByteTokenizer::fingerprint() const {
  return skillit::fingerprint("byte tokenizer 1");
}

}  // namespace skillit
