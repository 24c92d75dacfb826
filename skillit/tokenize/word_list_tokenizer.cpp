#include "skillit/tokenize/word_list_tokenizer.h"

#include <fmt/core.h>

#include "skillit/base/error.h"
#include "skillit/tokenize/split_words.h"

namespace skillit {

WordListTokenizer::WordListTokenizer(std::vector<std::string> words)
    : vocabulary_(std::move(words), "word list tokenizer") {
  for (const std::string& word : vocabulary_.pieces()) {
    if (split_words(word).size() != 1) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: the entry '{}' is more than one word, so no text can hold it; split it",
                       vocabulary_.name(), word));
    }
  }
}

std::vector<TokenId> WordListTokenizer::encode(std::string_view text) const {
  std::vector<TokenId> tokens;
  for (const std::string_view word : split_words(text)) {
    const auto id = vocabulary_.find(word);
    if (!id) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: '{}' at byte {} of the text is not one of its {} words; use the byte "
                       "tokenizer for free text",
                       vocabulary_.name(), word, word.data() - text.data(),
                       vocabulary_.pieces().size()));
    }
    tokens.push_back(*id);
  }
  return tokens;
}

const std::vector<std::string>& synthetic_words() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> list = {"Input", " Output", ":", " ",  " =", " val", " not",
                                     " ,",    ",",       ".", " +", " ?", " A"};
    for (char digit = '0'; digit <= '9'; ++digit) list.push_back({' ', digit});
    for (char letter = 'a'; letter <= 'z'; ++letter) list.push_back({' ', letter});
    return list;
  }();
  return words;
}

const WordListTokenizer& synthetic_tokenizer() {
  static const WordListTokenizer tokenizer(synthetic_words());
  return tokenizer;
}

}  // namespace skillit
