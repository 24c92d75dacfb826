#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// For this room's own .cpp files; not installed.
namespace skillit::detail {

/// A part of a text, found or left over.
struct Segment {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_match = false;
};

/// A regular expression as tokenizer.json files have them, in the syntax of Oniguruma, run by
/// PCRE2.
///
/// Only what means the same to both is taken; the rest is refused by name. \s is White_Space, and
/// \p{L} and the other general categories are those of Unicode 16, whatever PCRE2's own version.
/// Immutable; safe to use from many threads.
class Regex {
 public:
  /// `where` begins every message. @throws Error kBadFormat on a pattern that is not valid, that
  /// can match nothing at all (an empty match), or that uses what the two libraries differ in.
  Regex(const std::string& pattern, const std::string& where);
  /// Matches `text` itself, sign by sign. @throws Error kBadFormat when it is empty.
  [[nodiscard]] static Regex literal(std::string_view text, const std::string& where);
  Regex(Regex&&) noexcept;
  ~Regex();

  /// The matches from left to right and what is left between them, together all of `text`, which
  /// must be valid UTF-8. @throws Error kBadArgument when the pattern needs more than PCRE2's
  /// limits.
  [[nodiscard]] std::vector<Segment> split(std::string_view text) const;

 private:
  struct Code;
  std::unique_ptr<Code> code_;
  std::string where_;
};

/// `pattern` of Oniguruma as PCRE2 must read it. @throws Error kBadFormat, as above.
[[nodiscard]] std::string to_pcre2(std::string_view pattern, const std::string& where);

}  // namespace skillit::detail
