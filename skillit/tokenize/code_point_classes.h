#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/tokenize/utf8.h"

namespace skillit {

/// What a code point is, as bits: at most one of letter, number and space.
enum CodePointClass : std::uint8_t {
  kOtherClass = 0,
  kLetterClass = 1,  ///< \p{L}
  kNumberClass = 2,  ///< \p{N}
  kSpaceClass = 4,   ///< \s, the property White_Space
  kWordClass = 8,    ///< \w of Rust's regex crate
};

/// The classes of all code points in Unicode 16, as the Python package `tokenizers` 0.23 has them.
class CodePointClasses {
 public:
  /// Made once.
  [[nodiscard]] static const CodePointClasses& get();

  /// `c` <= U+10FFFF.
  [[nodiscard]] std::uint8_t operator[](char32_t c) const noexcept {
    return blocks_[static_cast<std::size_t>(block_of_[c >> kBlockBits]) << kBlockBits |
                   (c & (kBlockSize - 1))];
  }
  [[nodiscard]] bool is(CodePointClass wanted, char32_t c) const noexcept {
    return ((*this)[c] & wanted) != 0;
  }

 private:
  static constexpr int kBlockBits = 8;
  static constexpr char32_t kBlockSize = char32_t{1} << kBlockBits;
  CodePointClasses();
  std::array<std::uint16_t, (0x110000 >> kBlockBits)> block_of_{};
  std::vector<std::uint8_t> blocks_;
};

/// Whether this code point decomposes, composes or has a combining class in Unicode 15 while the
/// package's normalizers, which know Unicode 9, leave it as it is.
[[nodiscard]] bool is_normalized_later(char32_t c);

/// The code points that Unicode 16 added to a property ("L", "Nd") after Unicode 14, written as the
/// inside of a PCRE2 class ("\x{1c89}-\x{1c8a}.."); empty when there are none.
[[nodiscard]] std::string added_to_property(std::string_view property);

}  // namespace skillit
