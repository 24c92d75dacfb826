#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "skillit/data/token_type.h"

namespace skillit {

/// How far a dataset has been written.
struct WrittenCounts {
  std::uint64_t documents = 0;
  std::uint64_t tokens = 0;
};

/// Writes a Megatron indexed dataset of any size in bounded memory, each document one sequence.
/// Tokens go to `<prefix>.bin` and lengths to `<prefix>.lengths` as they come; finish() makes
/// `<prefix>.idx`, without which no reader takes the dataset for whole. No file stays open.
class IndexedDatasetWriter {
 public:
  /// Begins anew, or goes on after `resume_at`, dropping whatever was written behind it.
  /// @throws Error kIo, kBadFormat (less was written than resume_at).
  IndexedDatasetWriter(const std::filesystem::path& prefix, TokenType type,
                       WrittenCounts resume_at = {});

  /// Kept in memory until flush(). Every token must fit the type. @throws Error kBadArgument on one
  /// that does not, or more than 2^31 - 1 tokens.
  void add_document(std::span<const TokenId> tokens);
  [[nodiscard]] std::size_t buffered_bytes() const { return tokens_.size() + lengths_.size(); }
  [[nodiscard]] const WrittenCounts& counts() const noexcept { return counts_; }
  /// Gives what is buffered to the system. @throws Error kIo.
  void flush();
  /// Waits until all that was flushed is on the disk. @throws Error kIo.
  void sync() const;
  /// Flushes and writes the index. Can be repeated.
  void finish();
  /// Removes the file of lengths; after finish(), when there is no more need to resume.
  void remove_lengths() const;

 private:
  std::string prefix_;
  TokenType type_;
  WrittenCounts counts_;
  std::string tokens_;   ///< Bytes not yet in `<prefix>.bin`.
  std::string lengths_;  ///< Bytes not yet in `<prefix>.lengths`.
};

}  // namespace skillit
