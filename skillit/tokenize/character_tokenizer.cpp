#include "skillit/tokenize/character_tokenizer.h"

#include <fmt/core.h>

#include <set>

#include "skillit/base/error.h"
#include "skillit/tokenize/utf8.h"

namespace skillit {
namespace {

constexpr const char* kName = "character tokenizer";

std::string_view code_point_at(std::string_view text, std::size_t at) {
  const std::size_t size = code_point_size(text, at);
  if (size == 0) {
    fail(ErrorCode::kBadArgument,
         fmt::format(
             "{}: byte {} of the text (0x{:02x}) is not valid UTF-8; convert the text, or use "
             "the byte tokenizer",
             kName, at, static_cast<unsigned char>(text[at])));
  }
  return text.substr(at, size);
}

std::vector<std::string> alphabet_of(std::string_view text) {
  std::set<std::string_view> points;  // UTF-8 sorts as the code points do.
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view point = code_point_at(text, at);
    points.insert(point);
    at += point.size();
  }
  return {points.begin(), points.end()};
}

}  // namespace

CharacterTokenizer::CharacterTokenizer(std::string_view text)
    : vocabulary_(alphabet_of(text), kName) {}

std::vector<TokenId> CharacterTokenizer::encode(std::string_view text) const {
  std::vector<TokenId> tokens;
  tokens.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view point = code_point_at(text, at);
    const auto id = vocabulary_.find(point);
    if (!id) {
      fail(ErrorCode::kBadArgument,
           fmt::format(
               "{}: '{}' at byte {} of the text is not in the alphabet of {} characters; build "
               "the alphabet from all the text, or use the byte tokenizer",
               kName, point, at, vocabulary_.pieces().size()));
    }
    tokens.push_back(*id);
    at += point.size();
  }
  return tokens;
}

}  // namespace skillit
