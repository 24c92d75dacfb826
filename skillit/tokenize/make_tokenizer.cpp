#include "skillit/tokenize/make_tokenizer.h"

#include <fmt/core.h>

#include <array>

#include "skillit/base/error.h"
#include "skillit/tokenize/bpe_tokenizer.h"
#include "skillit/tokenize/byte_tokenizer.h"
#include "skillit/tokenize/character_tokenizer.h"
#include "skillit/tokenize/word_list_tokenizer.h"

namespace skillit {

std::unique_ptr<Tokenizer> make_tokenizer(std::string_view name, std::string_view alphabet) {
  if (name == "byte") return std::make_unique<ByteTokenizer>();
  if (name == "words") return std::make_unique<WordListTokenizer>(synthetic_words());
  if (name == "character" && alphabet.empty()) {
    fail(ErrorCode::kBadArgument,
         "tokenizer: 'character' is made of the texts of a recipe's data, and there are none here; "
         "take byte, or a tokenizer file that ends in .json");
  }
  if (name == "character") return std::make_unique<CharacterTokenizer>(alphabet);
  if (name.ends_with(".json")) return std::make_unique<BpeTokenizer>(BpeTokenizer::open(name));
  const std::string nearest =
      nearest_name(std::string(name), std::array{"byte", "character", "words"});
  fail(ErrorCode::kNotFound,
       fmt::format("tokenizer: there is no '{}'{}; there are byte, character and words, "
                   "and tokenizer files that end in .json",
                   name, nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest)));
}

}  // namespace skillit
