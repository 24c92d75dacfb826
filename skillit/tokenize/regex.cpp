#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/core.h>
#include <pcre2.h>

#include <array>

#include "skillit/base/error.h"
#include "skillit/tokenize/regex_private.h"

namespace skillit::detail {
namespace {

std::string message_of(int problem) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(problem, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

struct FreeMatchData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

}  // namespace

struct Regex::Code {
  explicit Code(pcre2_code* compiled) : code(compiled) {}
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() { pcre2_code_free(code); }
  pcre2_code* code;
};

Regex::Regex(const std::string& pattern, const std::string& where) : where_(where) {
  const std::string translated = to_pcre2(pattern, where);
  int problem = 0;
  PCRE2_SIZE place = 0;
  // To Oniguruma ^ and $ stand at every line.
  pcre2_code* code =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                    PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE, &problem, &place, nullptr);
  if (code == nullptr) {
    fail(ErrorCode::kBadFormat, fmt::format("{}: the regular expression '{}' is not valid: {}",
                                            where, pattern, message_of(problem)));
  }
  code_ = std::make_unique<Code>(code);
  std::uint32_t can_be_empty = 0;
  pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &can_be_empty);
  if (can_be_empty != 0) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: the regular expression '{}' can match no text at all, which is not "
                     "supported",
                     where, pattern));
  }
  pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);  // Without it, it is slower.
}

Regex Regex::literal(std::string_view text, const std::string& where) {
  if (text.empty()) fail(ErrorCode::kBadFormat, where + ": the text to look for is empty");
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("\\^$.[]|()?*+{}").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return Regex(pattern, where);
}

Regex::Regex(Regex&&) noexcept = default;
Regex::~Regex() = default;

std::vector<Segment> Regex::split(std::string_view text) const {
  const std::unique_ptr<pcre2_match_data, FreeMatchData> data(pcre2_match_data_create(1, nullptr));
  if (data == nullptr) throw std::bad_alloc();
  std::vector<Segment> segments;
  std::size_t at = 0;
  while (at < text.size()) {
    const int found = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()),
                                  text.size(), at, PCRE2_NO_UTF_CHECK, data.get(), nullptr);
    if (found == PCRE2_ERROR_NOMATCH) break;
    const PCRE2_SIZE* place = pcre2_get_ovector_pointer(data.get());
    if (found < 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: a regular expression gave up at byte {} of a text of {}: {}", where_,
                       at, text.size(), message_of(found)));
    }
    if (place[1] <= place[0]) {  // By a look-behind; Oniguruma would go on behind it.
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: a regular expression matched no text at byte {}", where_, place[0]));
    }
    if (place[0] > at) segments.push_back({at, place[0], false});
    segments.push_back({place[0], place[1], true});
    at = place[1];
  }
  if (at < text.size()) segments.push_back({at, text.size(), false});
  return segments;
}

}  // namespace skillit::detail
