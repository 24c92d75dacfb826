#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace skillit {

/// The regular expressions with which families of models cut text into words. Every character of a
/// text is in a word, and each word begins where the one before it ends.
struct WordPattern {
  enum class Family { kGpt2, kLlama3 } family = Family::kGpt2;
  int max_digits = 0;  ///< kLlama3: digits in one word; Llama-3 has 3, Qwen 1.

  bool operator==(const WordPattern&) const = default;
};

/// GPT-2's own, which "ByteLevel" stands for; GPT-NeoX and Pythia have the same.
inline constexpr std::string_view kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

/// The pattern that this text spells, sign by sign; nothing when it is another, which needs a
/// Regex.
[[nodiscard]] std::optional<WordPattern> known_word_pattern(std::string_view regex);

/// End of the word that begins at `begin` < text.size(); text is valid UTF-8. The same as a match
/// of the regular expression, in time that is linear over all words of a text.
[[nodiscard]] std::size_t word_end(const WordPattern& pattern, std::string_view text,
                                   std::size_t begin);

}  // namespace skillit
