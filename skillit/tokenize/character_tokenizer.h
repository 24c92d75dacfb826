#pragma once

#include "skillit/tokenize/tokenizer.h"
#include "skillit/tokenize/vocabulary.h"

namespace skillit {

/// One token per Unicode code point of a fixed alphabet.
class CharacterTokenizer final : public Tokenizer {
 public:
  /// The alphabet is the code points of `text` (UTF-8), each once, sorted: ids do not depend on the
  /// order in `text`.
  /// @throws Error kBadArgument on an empty text or invalid UTF-8.
  explicit CharacterTokenizer(std::string_view text);

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

}  // namespace skillit
