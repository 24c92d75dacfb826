#pragma once

#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// One token per byte: expresses any text and needs no vocabulary. Ids 0..255 are the bytes, 256
/// ends a document.
class ByteTokenizer final : public Tokenizer {
 public:
  [[nodiscard]] std::vector<TokenId> encode(std::string_view text) const override;
  [[nodiscard]] std::string decode(std::span<const TokenId> tokens) const override;
  [[nodiscard]] std::size_t vocabulary_size() const override { return 257; }
  [[nodiscard]] TokenId end_of_document() const override { return 256; }
  [[nodiscard]] std::string fingerprint() const override;
};

}  // namespace skillit
