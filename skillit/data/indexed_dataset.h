#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "skillit/base/files.h"
#include "skillit/data/token_store.h"
#include "skillit/data/token_type.h"

namespace skillit {

/// Megatron's indexed dataset: `<prefix>.bin` holds the bare tokens, `<prefix>.idx` says where each
/// sequence is and which sequences make a document (megatron/core/datasets/indexed_dataset.py,
/// version 1). Both are mapped; what is read is what the system pages in.
class IndexedDataset final : public TokenStore {
 public:
  /// `prefix` without ".bin" and ".idx". Everything the index says is checked against the sizes of
  /// both files here.
  /// @throws Error kIo, kBadFormat naming file and byte.
  [[nodiscard]] static IndexedDataset open(const std::filesystem::path& prefix);

  [[nodiscard]] std::uint64_t num_documents() const override { return num_bounds_ - 1; }
  [[nodiscard]] std::uint64_t num_tokens() const override { return num_tokens_; }
  [[nodiscard]] std::uint64_t document_length(std::uint64_t index) const override;
  void read_part(std::uint64_t index, std::uint64_t begin, std::uint64_t count,
                 std::vector<TokenId>& tokens) const override;

  [[nodiscard]] std::uint64_t num_sequences() const noexcept { return num_sequences_; }
  [[nodiscard]] TokenType token_type() const noexcept { return type_; }

 private:
  IndexedDataset(std::string prefix, MappedFile index, MappedFile tokens);
  void read_header();
  void check_sequences();
  void check_bounds() const;
  [[noreturn]] void refuse_index(std::uint64_t byte, const std::string& reason) const;

  void read_sequence(std::uint64_t sequence, std::uint64_t begin, std::uint64_t count,
                     std::vector<TokenId>& tokens) const;
  [[nodiscard]] std::int32_t length(std::uint64_t sequence) const;
  [[nodiscard]] std::int64_t offset(std::uint64_t sequence) const;
  [[nodiscard]] std::int64_t bound(std::uint64_t document) const;

  std::string prefix_;
  MappedFile index_;
  MappedFile tokens_;
  TokenType type_ = TokenType::kI32;
  std::uint64_t num_sequences_ = 0;
  std::uint64_t num_bounds_ = 1;  ///< Of documents: one more than there are.
  std::uint64_t num_tokens_ = 0;
};

}  // namespace skillit
