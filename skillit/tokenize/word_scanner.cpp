#include "skillit/tokenize/word_scanner.h"

#include "skillit/tokenize/code_point_classes.h"
#include "skillit/tokenize/utf8.h"

namespace skillit {
namespace {

constexpr std::string_view kLlama3Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kQwenPattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::uint8_t kKinds = kLetterClass | kNumberClass | kSpaceClass;

/// Looks at the text from place to place; `end` is never looked at.
class Scanner {
 public:
  explicit Scanner(std::string_view text)
      : classes_(CodePointClasses::get()), end_(text.data() + text.size()) {}

  [[nodiscard]] std::size_t gpt2(const char* at) const {
    if (*at == '\'') {
      if (const auto size = contraction(at, false)) return size;
    }
    const char* run = *at == ' ' && at + 1 < end_ && kind(at + 1) != kSpaceClass ? at + 1 : at;
    if (kind(run) == kSpaceClass) return spaces(at);
    return size_to(at, run_end(run, kind(run)));
  }

  [[nodiscard]] std::size_t llama3(const char* at, int max_digits) const {
    if (*at == '\'') {
      if (const auto size = contraction(at, true)) return size;
    }
    const std::uint8_t first = kind(at);
    if (first == kLetterClass) return size_to(at, run_end(at, kLetterClass));
    if (first == kNumberClass) return size_to(at, digits_end(at, max_digits));
    const char* const next = at + code_point_at(at).size;
    if (!is_break(at) && next < end_ && kind(next) == kLetterClass) {
      return size_to(at, run_end(next, kLetterClass));
    }
    if (first == kOtherClass || (*at == ' ' && next < end_ && kind(next) == kOtherClass)) {
      const char* place = run_end(first == kOtherClass ? at : next, kOtherClass);
      while (place < end_ && is_break(place)) ++place;
      return size_to(at, place);
    }
    const char* const last_break = last_break_of_spaces(at);
    return last_break != nullptr ? size_to(at, last_break + 1) : spaces(at);
  }

 private:
  static std::size_t size_to(const char* begin, const char* end) {
    return static_cast<std::size_t>(end - begin);
  }
  static bool is_break(const char* at) { return *at == '\n' || *at == '\r'; }

  [[nodiscard]] std::uint8_t kind(const char* at) const {
    return classes_[code_point_at(at).value] & kKinds;
  }

  [[nodiscard]] const char* run_end(const char* at, std::uint8_t wanted) const {
    while (at < end_) {
      const CodePoint point = code_point_at(at);
      if ((classes_[point.value] & kKinds) != wanted) break;
      at += point.size;
    }
    return at;
  }

  [[nodiscard]] const char* digits_end(const char* at, int most) const {
    for (int i = 0; i < most && at < end_ && kind(at) == kNumberClass; ++i) {
      at += code_point_at(at).size;
    }
    return at;
  }

  /// A run of white space but for its last character, which begins the next word if there is one.
  [[nodiscard]] std::size_t spaces(const char* at) const {
    const char* const end = run_end(at, kSpaceClass);
    const char* const last = end - last_code_point_size(end);
    return size_to(at, end == end_ || last == at ? end : last);
  }

  [[nodiscard]] const char* last_break_of_spaces(const char* at) const {
    const char* found = nullptr;
    for (; at < end_ && kind(at) == kSpaceClass; at += code_point_at(at).size) {
      if (is_break(at)) found = at;
    }
    return found;
  }

  /// Bytes of 's, 't, 're, 've, 'm, 'll or 'd at `at`; 0 when it is none.
  [[nodiscard]] std::size_t contraction(const char* at, bool any_case) const {
    const auto letter = [&](std::ptrdiff_t i) {
      if (end_ - at <= i) return '\0';
      const char c = at[i];
      return any_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    const char first = letter(1);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
    const char second = letter(2);
    if (second == 'e' && (first == 'r' || first == 'v')) return 3;
    if (first == 'l' && second == 'l') return 3;
    // The long s is another case of s.
    return any_case && first == '\xc5' && second == '\xbf' ? 3 : 0;
  }

  const CodePointClasses& classes_;
  const char* end_;
};

}  // namespace

std::optional<WordPattern> known_word_pattern(std::string_view regex) {
  if (regex == kGpt2Pattern) return WordPattern{WordPattern::Family::kGpt2, 0};
  if (regex == kLlama3Pattern) return WordPattern{WordPattern::Family::kLlama3, 3};
  if (regex == kQwenPattern) return WordPattern{WordPattern::Family::kLlama3, 1};
  return std::nullopt;
}

std::size_t word_end(const WordPattern& pattern, std::string_view text, std::size_t begin) {
  const Scanner scanner(text);
  const char* const at = text.data() + begin;
  return begin + (pattern.family == WordPattern::Family::kGpt2
                      ? scanner.gpt2(at)
                      : scanner.llama3(at, pattern.max_digits));
}

}  // namespace skillit
