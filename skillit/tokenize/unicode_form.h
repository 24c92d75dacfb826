#pragma once

#include <string>
#include <string_view>

namespace skillit {

/// The normalization forms of Unicode.
enum class UnicodeForm { kNfc, kNfd, kNfkc, kNfkd };

/// `text` (valid UTF-8) in the given form, as the Python package `tokenizers` 0.23 computes it: its
/// tables are those of Unicode 9, so what came later stays as it is. Time is n log n whatever the
/// text; text that is in the form already is only looked at and copied.
[[nodiscard]] std::string to_unicode_form(std::string_view text, UnicodeForm form);

}  // namespace skillit
