#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace skillit {

/// Bytes of the code point that begins text[at], 1 to 4; 0 when no valid UTF-8 sequence begins
/// there (also for overlong forms, surrogates, and code points past U+10FFFF). at < text.size().
[[nodiscard]] std::size_t code_point_size(std::string_view text, std::size_t at);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// `text` with every part that is not valid UTF-8 replaced by U+FFFD: one for each longest
/// beginning of a valid sequence, else one per byte (Unicode 15, section 3.9; as Python's
/// errors="replace").
[[nodiscard]] std::string replace_invalid_utf8(std::string_view text);

void append_utf8(std::string& text, char32_t code_point);

/// A code point and the bytes it takes.
struct CodePoint {
  char32_t value;
  std::uint32_t size;
};

/// The code point that begins at `at`, which must be within valid UTF-8.
[[nodiscard]] inline CodePoint code_point_at(const char* at) noexcept {
  const auto byte = [at](int i) {
    return static_cast<char32_t>(static_cast<unsigned char>(at[i]));
  };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first < 0xe0) return {(first & 0x1f) << 6 | (byte(1) & 0x3f), 2};
  if (first < 0xf0) return {(first & 0xf) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f), 3};
  return {(first & 7) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f), 4};
}

/// Bytes of the code point that ends before `end`, in valid UTF-8 of at least one byte.
[[nodiscard]] inline std::size_t last_code_point_size(const char* end) noexcept {
  std::size_t size = 1;
  while ((static_cast<unsigned char>(*(end - size)) & 0xc0) == 0x80) ++size;
  return size;
}

}  // namespace skillit
