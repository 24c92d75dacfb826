#pragma once

#include "skillit/tokenize/tokenizer.h"
#include "skillit/tokenize/vocabulary.h"

namespace skillit {

/// One token per word of split_words(), each of which must be in a given list. For texts of a
/// closed vocabulary.
class WordListTokenizer final : public Tokenizer {
 public:
  /// Ids follow the order of the list. @throws Error kBadArgument on an empty list, a repeated
  /// word, or an entry that split_words() would cut, as it could never be met.
  explicit WordListTokenizer(std::vector<std::string> words);

  [[nodiscard]] std::vector<TokenId> encode(std::string_view text) const override;
  [[nodiscard]] std::string decode(std::span<const TokenId> tokens) const override {
    return vocabulary_.decode(tokens);
  }
  [[nodiscard]] std::size_t vocabulary_size() const override {
    return vocabulary_.pieces().size() + 1;
  }
  [[nodiscard]] TokenId end_of_document() const override { return vocabulary_.end_of_document(); }
  [[nodiscard]] std::string fingerprint() const override { return vocabulary_.fingerprint(); }

 private:
  Vocabulary vocabulary_;
};

/// The words of every synthetic task (LEGO, addition, recall, pointer chasing), so that a model
/// trained on one can go on with another. The order is a file format: trained weights depend on it.
[[nodiscard]] const std::vector<std::string>& synthetic_words();

/// The tokenizer over synthetic_words(); made once.
[[nodiscard]] const WordListTokenizer& synthetic_tokenizer();

}  // namespace skillit
