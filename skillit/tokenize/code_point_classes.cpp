#include "skillit/tokenize/code_point_classes.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <span>

namespace skillit {
namespace {

struct CodePointRange {
  char32_t first;
  char32_t last;
};

struct NewInProperty {
  std::string_view name;
  std::span<const CodePointRange> ranges;
};

#include "skillit/tokenize/unicode_tables.inc"

void mark(std::vector<std::uint8_t>& classes, std::span<const CodePointRange> ranges,
          std::uint8_t bits) {
  for (const CodePointRange& range : ranges) {
    for (char32_t c = range.first; c <= range.last; ++c) classes[c] |= bits;
  }
}

}  // namespace

CodePointClasses::CodePointClasses() {
  std::vector<std::uint8_t> classes(0x110000);
  mark(classes, kLetters, kLetterClass | kWordClass);
  mark(classes, kNumbers, kNumberClass);
  mark(classes, kSpaces, kSpaceClass);
  mark(classes, kOtherWordCharacters, kWordClass);
  std::map<std::string, std::uint16_t> known;  // g++ 12 warns of memcmp when vectors are compared.
  for (std::size_t i = 0; i < block_of_.size(); ++i) {
    const auto begin = classes.begin() + static_cast<std::ptrdiff_t>(i << kBlockBits);
    const auto [place, added] = known.emplace(std::string(begin, begin + kBlockSize), known.size());
    if (added) blocks_.insert(blocks_.end(), place->first.begin(), place->first.end());
    block_of_[i] = place->second;
  }
}

const CodePointClasses& CodePointClasses::get() {
  static const CodePointClasses classes;
  return classes;
}

bool is_normalized_later(char32_t c) {
  const auto* range = std::partition_point(std::begin(kNormalizedLater), std::end(kNormalizedLater),
                                           [c](const CodePointRange& r) { return r.last < c; });
  return range != std::end(kNormalizedLater) && range->first <= c;
}

std::string added_to_property(std::string_view property) {
  std::string text;
  for (const NewInProperty& added : kNewInProperties) {
    if (added.name != property) continue;
    for (const CodePointRange& range : added.ranges) {
      text += fmt::format("\\x{{{:x}}}-\\x{{{:x}}}", static_cast<std::uint32_t>(range.first),
                          static_cast<std::uint32_t>(range.last));
    }
  }
  return text;
}

}  // namespace skillit
