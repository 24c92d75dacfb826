#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "skillit/data/token_store.h"

namespace skillit {

/// Documents in memory. Append-only; after filling, safe to read from many threads.
class MemoryTokens final : public TokenStore {
 public:
  void add(std::span<const TokenId> document) {
    tokens_.insert(tokens_.end(), document.begin(), document.end());
    ends_.push_back(tokens_.size());
  }

  [[nodiscard]] std::uint64_t num_documents() const override { return ends_.size(); }
  [[nodiscard]] std::uint64_t num_tokens() const override { return tokens_.size(); }
  [[nodiscard]] std::uint64_t document_length(std::uint64_t index) const override {
    return ends_[index] - begin(index);
  }
  void read_part(std::uint64_t index, std::uint64_t begin_in_document, std::uint64_t count,
                 std::vector<TokenId>& tokens) const override {
    const auto part = std::span(tokens_).subspan(begin(index) + begin_in_document, count);
    tokens.insert(tokens.end(), part.begin(), part.end());
  }

 private:
  [[nodiscard]] std::uint64_t begin(std::uint64_t index) const {
    return index == 0 ? 0 : ends_[index - 1];
  }

  std::vector<TokenId> tokens_;
  std::vector<std::uint64_t> ends_;
};

}  // namespace skillit
