#include <algorithm>

#include "skillit/tokenize/bpe_model.h"
#include "skillit/tokenize/pipeline_private.h"
#include "skillit/tokenize/utf8.h"

namespace skillit::detail {
namespace {

using Tokens = std::vector<std::string>;

std::string joined(const Tokens& tokens, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) text += separator;
    text += tokens[i];
  }
  return text;
}

Tokens decode_step(DecodeByteLevel, const Tokens& tokens) {
  std::string text;
  for (const std::string& token : tokens) text += signs_to_bytes(token);
  return {std::move(text)};
}

Tokens decode_step(DecodeFuse, const Tokens& tokens) {
  return {joined(tokens, "")};
}

/// The byte of a token "<0x41>"; -1 when it is another.
int byte_of(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return -1;
  int value = 0;
  for (const char c : token.substr(3, 2)) {
    const bool digit = c >= '0' && c <= '9';
    const char upper = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!digit && (upper < 'A' || upper > 'F')) return -1;
    value = value * 16 + (digit ? c - '0' : upper - 'A' + 10);
  }
  return value;
}

Tokens decode_step(DecodeByteFallback, const Tokens& tokens) {
  Tokens result;
  std::string bytes;
  const auto flush = [&] {
    if (is_valid_utf8(bytes)) {
      if (!bytes.empty()) result.push_back(bytes);
    } else {
      result.insert(result.end(), bytes.size(), "\xef\xbf\xbd");
    }
    bytes.clear();
  };
  for (const std::string& token : tokens) {
    const int byte = byte_of(token);
    if (byte >= 0) {
      bytes += static_cast<char>(byte);
      continue;
    }
    flush();
    result.push_back(token);
  }
  flush();
  return result;
}

Tokens decode_step(const DecodeStrip& strip, Tokens tokens) {
  for (std::string& token : tokens) {
    std::string_view left = token;
    for (std::size_t i = 0; i < strip.start && left.starts_with(strip.content); ++i) {
      left.remove_prefix(strip.content.size());
    }
    for (std::size_t i = 0; i < strip.stop && left.ends_with(strip.content); ++i) {
      left.remove_suffix(strip.content.size());
    }
    token = std::string(left);
  }
  return tokens;
}

Tokens decode_step(const DecodeMetaspace& step, Tokens tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string text;
    std::string_view rest = tokens[i];
    for (std::size_t at = rest.find(step.replacement); at != std::string_view::npos;
         at = rest.find(step.replacement)) {
      text += rest.substr(0, at);
      if (i > 0 || !step.drop_first) text += ' ';
      rest.remove_prefix(at + step.replacement.size());
    }
    tokens[i] = text + std::string(rest);
  }
  return tokens;
}

Tokens decode_step(const Replace& replace, Tokens tokens) {
  for (std::string& token : tokens) {
    std::string text;
    for (const Segment& part : replace.pattern.split(token)) {
      text += part.is_match ? replace.content : token.substr(part.begin, part.end - part.begin);
    }
    token = std::move(text);
  }
  return tokens;
}

}  // namespace

std::string decode_tokens(const std::vector<DecoderStep>& steps, Tokens tokens) {
  if (steps.empty()) return joined(tokens, " ");
  for (const DecoderStep& step : steps) {
    tokens = std::visit([&](const auto& one) { return decode_step(one, std::move(tokens)); }, step);
  }
  return joined(tokens, "");
}

}  // namespace skillit::detail
