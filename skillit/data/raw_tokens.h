#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "skillit/base/files.h"
#include "skillit/data/token_store.h"
#include "skillit/data/token_type.h"

namespace skillit {

/// A file of bare tokens, mapped, whose document ends stand in another file or are a token.
class RawTokens final : public TokenStore {
 public:
  /// Every `end` closes a document and belongs to it; what follows the last is one more. Reads the
  /// file once. @throws Error kIo, kBadFormat (an odd size, a NumPy header, a token too large).
  [[nodiscard]] static RawTokens open(const std::filesystem::path& path, TokenType type,
                                      TokenId end);
  /// datatrove: `<path>` and `<path>.index`, the ends of the documents in tokens, 64 bits each.
  /// @throws Error kIo, kBadFormat (ends that fall or do not fit the file).
  [[nodiscard]] static RawTokens open_datatrove(const std::filesystem::path& path);

  [[nodiscard]] std::uint64_t num_documents() const override { return ends_.size(); }
  [[nodiscard]] std::uint64_t num_tokens() const override {
    return ends_.empty() ? 0 : ends_.back();
  }
  [[nodiscard]] std::uint64_t document_length(std::uint64_t index) const override;
  void read_part(std::uint64_t index, std::uint64_t begin, std::uint64_t count,
                 std::vector<TokenId>& tokens) const override;

 private:
  RawTokens(std::string name, MappedFile file, TokenType type)
      : name_(std::move(name)), file_(std::move(file)), type_(type) {}
  void read(std::uint64_t begin, std::uint64_t end, std::vector<TokenId>& tokens) const;

  std::string name_;
  MappedFile file_;
  TokenType type_;
  std::vector<std::uint64_t> ends_;  ///< In tokens.
};

}  // namespace skillit
