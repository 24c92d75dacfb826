#include "skillit/tokenize/split_words.h"

#include <cstddef>

namespace skillit {
namespace {

enum class Kind { kSpace, kLetter, kDigit, kOther };

Kind kind_of(char c) {
  if (c == ' ' || (c >= '\t' && c <= '\r')) return Kind::kSpace;
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return Kind::kLetter;
  if (c >= '0' && c <= '9') return Kind::kDigit;
  return Kind::kOther;
}

/// End of the run of signs of one kind that begins at `begin`.
std::size_t run_end(std::string_view text, std::size_t begin) {
  const Kind kind = kind_of(text[begin]);
  std::size_t end = begin + 1;
  while (end < text.size() && kind_of(text[end]) == kind) ++end;
  return end;
}

std::size_t word_end(std::string_view text, std::size_t begin) {
  const std::size_t end = run_end(text, begin);
  if (kind_of(text[begin]) != Kind::kSpace || end == text.size()) return end;
  if (end - begin > 1) return end - 1;
  return text[begin] == ' ' ? run_end(text, end) : end;
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = word_end(text, begin);
    words.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

}  // namespace skillit
