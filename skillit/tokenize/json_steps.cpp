#include "skillit/tokenize/json_steps_private.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "skillit/base/error.h"
#include "skillit/tokenize/utf8.h"

namespace skillit::detail {
namespace {

constexpr std::size_t kMaxSteps = 32;  // Bounds the depth of recursion over steps.

[[noreturn]] void refuse(const std::string& where, std::string_view what) {
  fail(ErrorCode::kBadFormat, fmt::format("{}: {}", where, what));
}

/// One step of a part, where it stands and what it is.
struct Step {
  const Json& json;
  std::string type;
  std::string where;
};

/// The steps of a part, with every Sequence opened; `list` is its name of the list.
std::vector<Step> steps_of(const Json& json, const char* list, const std::string& where) {
  std::vector<Step> steps;
  const std::function<void(const Json&, const std::string&)> add = [&](const Json& one,
                                                                       const std::string& place) {
    if (!one.is_object()) refuse(place, "an object with a type was expected");
    const std::string type = json_text(one, "type", place);
    if (type != "Sequence") {
      if (steps.size() == kMaxSteps) refuse(where, fmt::format("has over {} steps", kMaxSteps));
      steps.push_back({one, type, fmt::format("{} {}", place, type)});
      return;
    }
    expect_keys(one, place, {"type", list});
    for (const Json& part : json_array(one[list], fmt::format("{}.{}", place, list)))
      add(part, place);
  };
  if (!json.is_null()) add(json, where);
  return steps;
}

[[noreturn]] void refuse_type(const Step& step, std::string_view supported) {
  refuse(step.where, fmt::format("'{}' is not supported; supported are {}", step.type, supported));
}

/// {"String": "a"} or {"Regex": "a+"}
Regex read_pattern(const Step& step) {
  const Json& json = step.json["pattern"];
  expect_keys(json, step.where + " pattern", {}, {"String", "Regex"});
  if (json.size() != 1) refuse(step.where, "pattern needs either String or Regex");
  if (json.contains("Regex")) return Regex(json_text(json, "Regex", step.where), step.where);
  return Regex::literal(json_text(json, "String", step.where), step.where);
}

Replace read_replace(const Step& step) {
  expect_keys(step.json, step.where, {"type", "pattern", "content"});
  return {read_pattern(step), json_text(step.json, "content", step.where)};
}

/// One character.
std::string json_character(const Step& step, const char* key) {
  std::string text = json_text(step.json, key, step.where);
  if (text.empty() || code_point_size(text, 0) != text.size()) {
    refuse(step.where, fmt::format("{} is '{}'; one character was expected", key, text));
  }
  return text;
}

Metaspace::Scheme metaspace_scheme(const Step& step) {
  const std::string scheme = step.json.contains("prepend_scheme")
                                 ? json_text(step.json, "prepend_scheme", step.where)
                                 : "always";
  const bool prepends = json_flag(step.json, "add_prefix_space", true, step.where);
  if (scheme == "never" || !prepends) return Metaspace::Scheme::kNever;
  if (scheme == "first") return Metaspace::Scheme::kFirst;
  if (scheme == "always") return Metaspace::Scheme::kAlways;
  refuse(step.where,
         fmt::format("prepend_scheme is '{}'; first, never or always was expected", scheme));
}

void expect_metaspace_keys(const Step& step) {
  expect_keys(step.json, step.where, {"type", "replacement"},
              {"add_prefix_space", "prepend_scheme", "split", "str_rep"});
}

SplitStep read_split(const Step& step) {
  expect_keys(step.json, step.where, {"type", "pattern", "behavior", "invert"});
  const std::string name = json_text(step.json, "behavior", step.where);
  const bool invert = json_flag(step.json, "invert", false, step.where);
  constexpr std::array<std::string_view, 5> kNames{"Removed", "Isolated", "MergedWithPrevious",
                                                   "MergedWithNext", "Contiguous"};
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) refuse(step.where, fmt::format("the behavior '{}' is unknown", name));
  const auto behavior = static_cast<SplitBehavior>(found - kNames.begin());
  const Json& pattern = step.json["pattern"];
  // With every character in a match, isolated matches are words whether inverted or not.
  if (behavior == SplitBehavior::kIsolated && pattern.is_object() && pattern.contains("Regex")) {
    if (const auto known = known_word_pattern(json_text(pattern, "Regex", step.where))) {
      return SplitWords{*known};
    }
  }
  return SplitByRegex{read_pattern(step), behavior, invert};
}

Metaspace read_metaspace(const Step& step, bool is_first) {
  expect_metaspace_keys(step);
  Metaspace metaspace{metaspace_scheme(step), json_character(step, "replacement"),
                      json_flag(step.json, "split", true, step.where)};
  if (metaspace.scheme == Metaspace::Scheme::kFirst && !is_first) {
    refuse(step.where, "prepend_scheme 'first' is only supported in the first pre-tokenizer");
  }
  return metaspace;
}

void add_byte_level(const Step& step, std::vector<SplitStep>& steps) {
  expect_keys(step.json, step.where, {"type"}, {"add_prefix_space", "trim_offsets", "use_regex"});
  if (json_flag(step.json, "add_prefix_space", true, step.where)) steps.emplace_back(PrefixSpace{});
  if (json_flag(step.json, "use_regex", true, step.where)) {
    steps.emplace_back(SplitWords{*known_word_pattern(kGpt2Pattern)});
  }
}

}  // namespace

bool json_flag(const Json& object, const char* key, bool fallback, const std::string& where) {
  if (!object.contains(key) || object[key].is_null()) return fallback;
  if (!object[key].is_boolean()) refuse(where, fmt::format("{} must be true or false", key));
  return object[key].get<bool>();
}

std::string json_text(const Json& object, const char* key, const std::string& where) {
  if (!object.contains(key) || !object[key].is_string()) {
    refuse(where, fmt::format("the key '{}' with a string is missing", key));
  }
  return object[key].get<std::string>();
}

std::int64_t json_count(const Json& object, const char* key, std::int64_t limit,
                        const std::string& where) {
  if (!object.contains(key) || !object[key].is_number_unsigned() ||
      object[key].get<std::uint64_t>() >= static_cast<std::uint64_t>(limit)) {
    refuse(where, fmt::format("'{}' must be a whole number from 0 to {}", key, limit - 1));
  }
  return object[key].get<std::int64_t>();
}

std::vector<NormalizerStep> read_normalizer(const Json& json, const std::string& where) {
  std::vector<NormalizerStep> steps;
  for (const Step& step : steps_of(json, "normalizers", where)) {
    if (step.type == "Replace") {
      steps.emplace_back(read_replace(step));
    } else if (step.type == "Prepend") {
      expect_keys(step.json, step.where, {"type", "prepend"});
      steps.emplace_back(Prepend{json_text(step.json, "prepend", step.where)});
    } else {
      const std::array<std::string_view, 4> forms{"NFC", "NFD", "NFKC", "NFKD"};
      const auto* form = std::find(forms.begin(), forms.end(), step.type);
      if (form == forms.end()) {
        refuse_type(step, "NFC, NFD, NFKC, NFKD, Prepend, Replace, Sequence");
      }
      expect_keys(step.json, step.where, {"type"});
      steps.emplace_back(static_cast<UnicodeForm>(form - forms.begin()));
    }
  }
  return steps;
}

PreTokenizer read_pre_tokenizer(const Json& json, const std::string& where) {
  PreTokenizer result;
  for (const Step& step : steps_of(json, "pretokenizers", where)) {
    if (result.byte_level) refuse(step.where, "stands behind ByteLevel, which must be the last");
    if (step.type == "ByteLevel") {
      add_byte_level(step, result.steps);
      result.byte_level = true;
    } else if (step.type == "Split") {
      result.steps.push_back(read_split(step));
    } else if (step.type == "Digits") {
      expect_keys(step.json, step.where, {"type"}, {"individual_digits"});
      result.steps.emplace_back(
          SplitDigits{json_flag(step.json, "individual_digits", false, step.where)});
    } else if (step.type == "Metaspace") {
      result.steps.emplace_back(read_metaspace(step, result.steps.empty()));
    } else {
      refuse_type(step, "ByteLevel, Digits, Metaspace, Split, Sequence");
    }
  }
  return result;
}

std::vector<DecoderStep> read_decoder(const Json& json, const std::string& where) {
  std::vector<DecoderStep> steps;
  for (const Step& step : steps_of(json, "decoders", where)) {
    if (step.type == "ByteLevel") {
      steps.emplace_back(DecodeByteLevel{});
    } else if (step.type == "ByteFallback") {
      steps.emplace_back(DecodeByteFallback{});
    } else if (step.type == "Fuse") {
      steps.emplace_back(DecodeFuse{});
    } else if (step.type == "Replace") {
      steps.emplace_back(read_replace(step));
    } else if (step.type == "Strip") {
      expect_keys(step.json, step.where, {"type", "content", "start", "stop"});
      const auto count = [&](const char* key) {
        return static_cast<std::size_t>(json_count(step.json, key, 1 << 20, step.where));
      };
      steps.emplace_back(
          DecodeStrip{json_character(step, "content"), count("start"), count("stop")});
    } else if (step.type == "Metaspace") {
      expect_metaspace_keys(step);
      steps.emplace_back(DecodeMetaspace{json_character(step, "replacement"),
                                         metaspace_scheme(step) != Metaspace::Scheme::kNever});
    } else {
      refuse_type(step, "ByteFallback, ByteLevel, Fuse, Metaspace, Replace, Strip, Sequence");
    }
  }
  return steps;
}

}  // namespace skillit::detail
