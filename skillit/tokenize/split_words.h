#pragma once

#include <string_view>
#include <vector>

namespace skillit {

/// Cuts text into words as GPT-2 cuts ASCII text (its English contractions apart): a run of
/// letters, of digits, or of other signs, each with the one space before it; white space that is
/// left over stands alone. The last space of a run belongs to the word that follows: "a:  b" -> "a"
/// ":" " " " b". Bytes over 127 count as other signs. The words joined are the text; the views
/// point into it.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);

}  // namespace skillit
