#include "skillit/tokenize/pipeline_private.h"

namespace skillit::detail {
namespace {

std::string normalize_step(UnicodeForm form, const std::string& text) {
  return to_unicode_form(text, form);
}

std::string normalize_step(const Prepend& prepend, const std::string& text) {
  return text.empty() ? text : prepend.text + text;
}

std::string normalize_step(const Replace& replace, const std::string& text) {
  std::string result;
  for (const Segment& part : replace.pattern.split(text)) {
    if (part.is_match) {
      result += replace.content;
    } else {
      result.append(text, part.begin, part.end - part.begin);
    }
  }
  return result;
}

}  // namespace

std::string normalize(const std::vector<NormalizerStep>& steps, std::string_view text) {
  std::string result(text);
  for (const NormalizerStep& step : steps) {
    result = std::visit([&](const auto& one) { return normalize_step(one, result); }, step);
  }
  return result;
}

}  // namespace skillit::detail
