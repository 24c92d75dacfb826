#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skillit/data/pack_index.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// What other programs' tokens become a pack of.
struct TokenPackOptions {
  std::vector<std::pair<std::string, std::string>> stores;  ///< (skill, path); a skill may repeat.
  std::string format;                                       ///< As open_token_store() knows it.
  double validation_fraction = 0.02;  ///< Of the documents, by hash of their tokens; 0 = none.
  std::string note;
};

/// Copies tokens that other programs wrote into a pack, as make_pack() makes them: documents keep
/// their bounds, and end with the tokenizer's end of document, which is added where it is missing.
/// `tokenizer` is the one they were made with; every token is checked against its vocabulary.
/// Memory is bounded; what fails leaves nothing.
/// @throws Error kBadArgument (the folder exists, an empty skill, options), kBadFormat naming the
/// document whose token is outside the vocabulary, and as open_token_store.
PackIndex make_pack_of_tokens(const std::filesystem::path& folder, const TokenPackOptions& options,
                              const Tokenizer& tokenizer, const std::string& tokenizer_name);

}  // namespace skillit
