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
  /// Appends a document's tokens; index < num_documents(). @throws Error kBadFormat naming file and
  /// byte of what is no token.
  virtual void read_document(std::uint64_t index, std::vector<TokenId>& tokens) const = 0;
};

}  // namespace skillit
