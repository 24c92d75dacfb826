#pragma once

#include <string>
#include <vector>

#include "skillit/base/strict_json_private.h"
#include "skillit/tokenize/pipeline_private.h"

// For this room's own .cpp files; not installed.
namespace skillit::detail {

// Each reads one part of a tokenizer.json; null is no step. @throws Error kBadFormat on a step or a
// setting that is not supported, by its name.

[[nodiscard]] std::vector<NormalizerStep> read_normalizer(const Json& json,
                                                          const std::string& where);

struct PreTokenizer {
  std::vector<SplitStep> steps;
  bool byte_level = false;
};
[[nodiscard]] PreTokenizer read_pre_tokenizer(const Json& json, const std::string& where);

[[nodiscard]] std::vector<DecoderStep> read_decoder(const Json& json, const std::string& where);

// Values of an object; `where` names it.

/// `fallback` where the key is missing or null.
[[nodiscard]] bool json_flag(const Json& object, const char* key, bool fallback,
                             const std::string& where);
/// @throws Error kBadFormat when it is missing or no string.
[[nodiscard]] std::string json_text(const Json& object, const char* key, const std::string& where);
/// A whole number from 0 to below `limit`.
[[nodiscard]] std::int64_t json_count(const Json& object, const char* key, std::int64_t limit,
                                      const std::string& where);

}  // namespace skillit::detail
