#include <fmt/core.h>

#include <cctype>

#include "skillit/base/error.h"
#include "skillit/tokenize/code_point_classes.h"
#include "skillit/tokenize/regex_private.h"

namespace skillit::detail {
namespace {

/// Reads a pattern of Oniguruma from left to right and writes it for PCRE2.
class Translator {
 public:
  Translator(std::string_view pattern, const std::string& where)
      : pattern_(pattern), where_(where) {}

  std::string run() && {
    while (at_ < pattern_.size()) step();
    return std::move(result_);
  }

 private:
  void step() {
    const char c = pattern_[at_];
    if (c == '\\') return escape();
    if (in_class_) return class_sign(c);
    if (c == '[') {
      in_class_ = true;
      copy(next_is("[^") ? 2 : 1);
      if (next_is("]")) refuse("a class that begins with ]");
      return;
    }
    if (c == '(' && next_is("(?")) return group();
    if (c == '}' && next_is("}+"))
      refuse("}+, which repeats in one library and is possessive in the other");
    copy(1);
  }

  void class_sign(char c) {
    if (c == '[') refuse("[ inside a class");
    if (next_is("&&")) refuse("&& inside a class");
    if (c == ']') in_class_ = false;
    copy(1);
  }

  void group() {
    for (const std::string_view known :
         {"(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!", "(?i:", "(?i)"}) {
      if (next_is(known)) return copy(known.size());
    }
    refuse(fmt::format("the group '{}'", pattern_.substr(at_, 4)));
  }

  void escape() {
    const char c = at_ + 1 < pattern_.size() ? pattern_[at_ + 1] : '\0';
    if (c == 's' || c == 'S') {
      result_ += c == 's' ? "\\p{White_Space}" : "\\P{White_Space}";
      at_ += 2;
    } else if (c == 'd') {
      at_ += 2;
      property("Nd", false);
    } else if (c == 'p' || c == 'P') {
      const auto close = pattern_.find('}', at_);
      if (pattern_.substr(at_ + 2, 1) != "{" || close == std::string_view::npos) {
        refuse("\\p without a name in braces");
      }
      const bool negated = pattern_[at_ + 3] == '^';
      const std::size_t name = at_ + 3 + (negated ? 1 : 0);
      const std::string_view found = pattern_.substr(name, close - name);
      at_ = close + 1;
      property(found, negated != (c == 'P'));
    } else if (c == 'x' || c == 'n' || c == 'r' || c == 't' || c == 'f' ||
               std::ispunct(static_cast<unsigned char>(c)) != 0) {
      copy(2);
    } else {
      refuse(fmt::format("\\{}", c));
    }
  }

  /// A general category, with the code points that are newer than PCRE2.
  void property(std::string_view name, bool negated) {
    for (const char c : name) {
      if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') refuse("this \\p{..}");
    }
    const std::string added = added_to_property(name);
    if (in_class_ && negated && !added.empty()) {
      refuse(fmt::format("\\P{{{}}} inside a class", name));
    }
    if (in_class_ || added.empty()) {
      result_ += fmt::format("\\{}{{{}}}{}", negated ? 'P' : 'p', name, added);
    } else {
      result_ += fmt::format("[{}\\p{{{}}}{}]", negated ? "^" : "", name, added);
    }
  }

  [[nodiscard]] bool next_is(std::string_view text) const {
    return pattern_.substr(at_).starts_with(text);
  }
  void copy(std::size_t count) {
    result_ += pattern_.substr(at_, count);
    at_ += count;
  }
  [[noreturn]] void refuse(const std::string& what) const {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: the regular expression '{}' has {} at byte {}, which is not supported",
                     where_, pattern_, what, at_));
  }

  std::string_view pattern_;
  const std::string& where_;
  std::size_t at_ = 0;
  bool in_class_ = false;
  std::string result_;
};

}  // namespace

std::string to_pcre2(std::string_view pattern, const std::string& where) {
  return Translator(pattern, where).run();
}

}  // namespace skillit::detail
