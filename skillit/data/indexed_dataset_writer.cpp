#include "skillit/data/indexed_dataset_writer.h"

#include <fmt/core.h>

#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "skillit/base/bytes.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/data/megatron_header_private.h"

namespace skillit {
namespace {

namespace fs = std::filesystem;

/// Makes the file exactly `size` bytes long by dropping its end, or by making it when size is 0.
void cut_to(const std::string& path, std::uint64_t size) {
  if (size == 0) {
    write_file_atomically(path, "");
    return;
  }
  std::error_code problem;
  const auto have = fs::file_size(path, problem);
  if (problem) fail(ErrorCode::kIo, fmt::format("{}: cannot go on: {}", path, problem.message()));
  if (have < size) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: has {} bytes, but {} were written before; remove the folder to begin "
                     "anew",
                     path, have, size));
  }
  fs::resize_file(path, size, problem);
  if (problem) fail(ErrorCode::kIo, fmt::format("{}: cannot cut: {}", path, problem.message()));
}

/// Collects values and appends them to a file a megabyte at a time.
class Appender {
 public:
  explicit Appender(std::string path) : path_(std::move(path)) {}
  template <class T>
  void put(T value) {
    buffer_.append(reinterpret_cast<const char*>(&value), sizeof value);
    if (buffer_.size() >= (1 << 20)) flush();
  }
  void put_bytes(std::string_view bytes) { buffer_ += bytes; }
  void flush() {
    append_to_file(path_, buffer_);
    buffer_.clear();
  }

 private:
  std::string path_;
  std::string buffer_;
};

template <class T>
void append_as(std::span<const TokenId> tokens, std::string& bytes, const std::string& prefix) {
  for (const TokenId token : tokens) {
    if (!std::in_range<T>(token)) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: the token {} does not fit the {} bytes per token of this dataset",
                       prefix, token, sizeof(T)));
    }
    const auto value = static_cast<T>(token);
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
}

void append(std::span<const TokenId> tokens, TokenType type, std::string& bytes,
            const std::string& prefix) {
  switch (type) {
    case TokenType::kU8:
      return append_as<std::uint8_t>(tokens, bytes, prefix);
    case TokenType::kI8:
      return append_as<std::int8_t>(tokens, bytes, prefix);
    case TokenType::kI16:
      return append_as<std::int16_t>(tokens, bytes, prefix);
    case TokenType::kU16:
      return append_as<std::uint16_t>(tokens, bytes, prefix);
    case TokenType::kI64:
      return append_as<std::int64_t>(tokens, bytes, prefix);
    default:
      return append_as<std::int32_t>(tokens, bytes, prefix);
  }
}

}  // namespace

IndexedDatasetWriter::IndexedDatasetWriter(const fs::path& prefix, TokenType type,
                                           WrittenCounts resume_at)
    : prefix_(prefix.string()), type_(type), counts_(resume_at) {
  SKILLIT_ASSERT(type != TokenType::kU32);  // Megatron has no code for it.
  cut_to(prefix_ + ".bin", counts_.tokens * token_width(type));
  cut_to(prefix_ + ".lengths", counts_.documents * sizeof(std::int32_t));
}

void IndexedDatasetWriter::add_document(std::span<const TokenId> tokens) {
  if (!std::in_range<std::int32_t>(tokens.size())) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: a document has {} tokens; Megatron's index allows 2147483647", prefix_,
                     tokens.size()));
  }
  const std::size_t before = tokens_.size();
  try {
    append(tokens, type_, tokens_, prefix_);
  } catch (...) {
    tokens_.resize(before);
    throw;
  }
  const auto length = static_cast<std::int32_t>(tokens.size());
  lengths_.append(reinterpret_cast<const char*>(&length), sizeof length);
  ++counts_.documents;
  counts_.tokens += tokens.size();
}

void IndexedDatasetWriter::flush() {
  append_to_file(prefix_ + ".bin", tokens_);
  append_to_file(prefix_ + ".lengths", lengths_);
  tokens_ = {};  // Gives the memory back too.
  lengths_ = {};
}

void IndexedDatasetWriter::sync() const {
  sync_file(prefix_ + ".bin");
  sync_file(prefix_ + ".lengths");
}

void IndexedDatasetWriter::finish() {
  flush();
  const MappedFile lengths = MappedFile::open(prefix_ + ".lengths");
  SKILLIT_ASSERT(lengths.bytes().size() == counts_.documents * sizeof(std::int32_t));
  cut_to(prefix_ + ".idx", 0);
  Appender out(prefix_ + ".idx");
  out.put_bytes(megatron::kMagic);
  out.put<std::uint64_t>(1);
  out.put(static_cast<std::uint8_t>(type_));
  out.put<std::uint64_t>(counts_.documents);
  out.put<std::uint64_t>(counts_.documents + 1);
  const auto length = [&](std::uint64_t i) {
    std::int32_t value = 0;
    std::memcpy(&value, lengths.bytes().data() + i * sizeof value, sizeof value);
    return value;
  };
  for (std::uint64_t i = 0; i < counts_.documents; ++i) out.put(length(i));
  std::uint64_t offset = 0;
  for (std::uint64_t i = 0; i < counts_.documents; ++i) {
    out.put(offset);
    offset += static_cast<std::uint64_t>(length(i)) * token_width(type_);
  }
  for (std::uint64_t i = 0; i <= counts_.documents; ++i) out.put(i);
  out.flush();
  sync();
  sync_file(prefix_ + ".idx");
}

void IndexedDatasetWriter::remove_lengths() const {
  std::error_code ignored;
  fs::remove(prefix_ + ".lengths", ignored);
}

}  // namespace skillit
