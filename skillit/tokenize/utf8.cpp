#include "skillit/tokenize/utf8.h"

#include <simdjson.h>

namespace skillit {

std::size_t code_point_size(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() - at < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool surrogate = first == 0xed && byte(1) >= 0xa0;
  const bool too_large = first == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : size;
}

bool is_valid_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

namespace {

/// Bytes of the longest beginning of a valid sequence at text[at]; 1 when there is none.
std::size_t invalid_size(std::string_view text, std::size_t at) {
  // A beginning is valid when some continuation completes it.
  for (const std::size_t size : {3, 2}) {
    if (text.size() - at < size) continue;
    for (const char* rest : {"\x80\x80", "\x90\x80", "\xa0\x80"}) {
      const std::string completed = std::string(text.substr(at, size)) + rest;
      if (code_point_size(completed, 0) > size) return size;
    }
  }
  return 1;
}

}  // namespace

std::string replace_invalid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = code_point_size(text, at);
    if (size > 0) {
      valid += text.substr(at, size);
      at += size;
    } else {
      valid += "\xef\xbf\xbd";
      at += invalid_size(text, at);
    }
  }
  return valid;
}

void append_utf8(std::string& text, char32_t c) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xe0 | c >> 12);
    } else {
      put(0xf0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3f));
    }
    put(0x80 | (c >> 6 & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

}  // namespace skillit
