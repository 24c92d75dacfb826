#pragma once

#include <cstdint>
#include <vector>

#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// Documents that are tokens already, on disk. Open to read from many threads.
class TokenStore {
 public:
  virtual ~TokenStore() = default;
  [[nodiscard]] virtual std::uint64_t num_documents() const = 0;
  [[nodiscard]] virtual std::uint64_t num_tokens() const = 0;
  /// Tokens of a document; index < num_documents().
  [[nodiscard]] virtual std::uint64_t document_length(std::uint64_t index) const = 0;
  /// Appends `count` tokens of a document, from `begin` on; they must be there. @throws Error
  /// kBadFormat naming file and byte of what is no token.
  virtual void read_part(std::uint64_t index, std::uint64_t begin, std::uint64_t count,
                         std::vector<TokenId>& tokens) const = 0;
  /// Appends a whole document.
  void read_document(std::uint64_t index, std::vector<TokenId>& tokens) const {
    read_part(index, 0, document_length(index), tokens);
  }
};

}  // namespace skillit
