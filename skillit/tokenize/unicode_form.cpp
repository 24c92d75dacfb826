#include "skillit/tokenize/unicode_form.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/tokenize/code_point_classes.h"
#include "skillit/tokenize/utf8.h"

namespace skillit {
namespace {

/// Below this no form of composition changes anything, and nothing combines with what stands
/// before.
constexpr char32_t kFirstCombining = 0x300;
constexpr int kLongestDecomposition = 18;  // Of one code point (U+FDFA), also in later versions.

bool is_composed(UnicodeForm form) {
  return form == UnicodeForm::kNfc || form == UnicodeForm::kNfkc;
}
bool is_compatible(UnicodeForm form) {
  return form == UnicodeForm::kNfkc || form == UnicodeForm::kNfkd;
}

/// Whether `c` may change, or change its neighbours. Errs on the side of yes.
bool may_change(char32_t c, UnicodeForm form) {
  if (c < 0x80 || (c < kFirstCombining && form == UnicodeForm::kNfc)) return false;
  if (c >= 0x1100 && c < 0x1200) return true;  // Parts of Hangul syllables.
  if (c >= 0xac00 && c < 0xd7a4) return !is_composed(form);
  const utf8proc_property_t& property = *utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
  if (property.combining_class != 0) return true;
  const bool decomposes = property.decomp_seqindex != UINT16_MAX;
  if (decomposes && (property.decomp_type == 0 || is_compatible(form))) return true;
  // The second of a pair that composes.
  return property.comb_index >= 0x8000 && property.comb_index != UINT16_MAX;
}

bool may_change(std::string_view text, UnicodeForm form) {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const CodePoint point = code_point_at(at);
    if (may_change(point.value, form)) return true;
    at += point.size;
  }
  return false;
}

int combining_class(utf8proc_int32_t c) {
  return utf8proc_get_property(c)->combining_class;
}

/// Appends the form of `points`, in which no code point is newer than the tables.
void append_form(std::vector<utf8proc_int32_t>& points, UnicodeForm form, std::string& text) {
  // utf8proc's own ordering takes quadratic time on a long run of marks.
  for (auto begin = points.begin(); begin != points.end();) {
    if (combining_class(*begin) == 0) {
      ++begin;
      continue;
    }
    const auto end =
        std::find_if(begin, points.end(), [](auto c) { return combining_class(c) == 0; });
    std::stable_sort(begin, end,
                     [](auto a, auto b) { return combining_class(a) < combining_class(b); });
    begin = end;
  }
  auto size = static_cast<utf8proc_ssize_t>(points.size());
  if (is_composed(form)) {
    size = utf8proc_normalize_utf32(
        points.data(), size, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    SKILLIT_ASSERT(size >= 0);
  }
  for (utf8proc_ssize_t i = 0; i < size; ++i) {
    append_utf8(text, static_cast<char32_t>(points[static_cast<std::size_t>(i)]));
  }
  points.clear();
}

}  // namespace

std::string to_unicode_form(std::string_view text, UnicodeForm form) {
  if (!may_change(text, form)) return std::string(text);
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
                                                      (is_compatible(form) ? UTF8PROC_COMPAT : 0));
  std::string result;
  result.reserve(text.size());
  std::vector<utf8proc_int32_t> points;
  std::array<utf8proc_int32_t, kLongestDecomposition> decomposition{};
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    const CodePoint point = code_point_at(at);
    at += point.size;
    if (is_normalized_later(point.value)) {  // To older tables an ordinary starter.
      append_form(points, form, result);
      append_utf8(result, point.value);
      continue;
    }
    int boundary = 0;
    const auto size =
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(point.value), decomposition.data(),
                                decomposition.size(), options, &boundary);
    SKILLIT_ASSERT(size >= 0 && size <= kLongestDecomposition);
    points.insert(points.end(), decomposition.begin(), decomposition.begin() + size);
  }
  append_form(points, form, result);
  return result;
}

}  // namespace skillit
