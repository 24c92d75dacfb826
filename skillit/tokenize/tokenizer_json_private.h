#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "skillit/tokenize/added_tokens.h"
#include "skillit/tokenize/bpe_model.h"
#include "skillit/tokenize/pipeline_private.h"

// For this room's own .cpp files; not installed.
namespace skillit::detail {

/// What a tokenizer.json says, read and checked.
struct TokenizerParts {
  std::vector<NormalizerStep> normalizer;
  std::vector<SplitStep> pre_tokenizer;
  BpeParts model;
  std::vector<DecoderStep> decoder;
  std::vector<AddedToken> added_tokens;  ///< Contents as written.
  std::string
      pipeline;  ///< Normalizer and pre-tokenizer as JSON, keys sorted: for the fingerprint.
};

/// Ids are below this, so that a file of a few bytes cannot ask for memory without end.
inline constexpr TokenId kMaxTokenId = 1 << 24;
inline constexpr std::size_t kMaxTokenizerBytes = std::size_t{64} << 20;

/// `where` begins every message. @throws Error kBadFormat on bytes that are no tokenizer.json of a
/// BPE model, and on a part that is not supported, by its name.
[[nodiscard]] TokenizerParts parse_tokenizer_json(std::string_view bytes, const std::string& where);

}  // namespace skillit::detail
