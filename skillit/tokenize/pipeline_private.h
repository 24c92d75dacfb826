#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "skillit/tokenize/regex_private.h"
#include "skillit/tokenize/unicode_form.h"
#include "skillit/tokenize/word_scanner.h"

// The parts of a tokenizer.json around its model, named as there. For this room's own .cpp files.
namespace skillit::detail {

// Normalizers: text to text.

struct Prepend {
  std::string text;  ///< To every text but an empty one.
};
struct Replace {
  Regex pattern;
  std::string content;
};
using NormalizerStep = std::variant<UnicodeForm, Prepend, Replace>;

[[nodiscard]] std::string normalize(const std::vector<NormalizerStep>& steps,
                                    std::string_view text);

// Pre-tokenizers: text to words.

enum class SplitBehavior { kRemoved, kIsolated, kMergedWithPrevious, kMergedWithNext, kContiguous };

/// "Split" by a regular expression that no scanner is written for.
struct SplitByRegex {
  Regex pattern;
  SplitBehavior behavior = SplitBehavior::kIsolated;
  bool invert = false;
};
/// "ByteLevel" with use_regex, and "Split" by a known pattern.
struct SplitWords {
  WordPattern pattern;
};
struct SplitDigits {
  bool individual = false;
};
/// "ByteLevel" with add_prefix_space.
struct PrefixSpace {};
struct Metaspace {
  enum class Scheme { kFirst, kNever, kAlways } scheme = Scheme::kAlways;
  std::string replacement;
  bool split = true;
};
using SplitStep = std::variant<SplitByRegex, SplitWords, SplitDigits, PrefixSpace, Metaspace>;

/// Takes a word and how many bytes from its begin may be read.
using WordSink = std::function<void(std::string_view word, std::size_t readable)>;

/// Cuts `text` (valid UTF-8) by all steps, one after the other. `at_start`: the text begins its
/// document.
void split_into_words(const std::vector<SplitStep>& steps, std::string_view text, bool at_start,
                      const WordSink& sink);

// Decoders: tokens to text.

struct DecodeByteLevel {};
struct DecodeByteFallback {};
struct DecodeFuse {};
struct DecodeStrip {
  std::string content;  ///< One character.
  std::size_t start = 0;
  std::size_t stop = 0;
};
struct DecodeMetaspace {
  std::string replacement;
  bool drop_first = true;
};
using DecoderStep = std::variant<DecodeByteLevel, DecodeByteFallback, DecodeFuse, DecodeStrip,
                                 DecodeMetaspace, Replace>;

[[nodiscard]] std::string decode_tokens(const std::vector<DecoderStep>& steps,
                                        std::vector<std::string> tokens);

}  // namespace skillit::detail
