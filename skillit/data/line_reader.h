#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/data/byte_stream.h"

namespace skillit {

/// The lines of a stream, one at a time, of bounded length. A byte order mark at the beginning is
/// passed over.
class LineReader {
 public:
  /// `name` (a file) begins the messages.
  LineReader(std::unique_ptr<ByteStream> stream, std::string name, std::size_t max_line_bytes);

  /// The next line without its newline, valid until the next call; nothing at the end. Never reads
  /// more than a line's limit ahead. @throws Error kBadFormat (a longer line, saying which), and
  /// what the stream throws.
  [[nodiscard]] std::optional<std::string_view> next();
  /// Of the line last given, from 1.
  [[nodiscard]] std::uint64_t line_number() const noexcept { return line_number_; }

 private:
  /// Reads more behind what is left; false at the end of the stream.
  bool fill();

  std::unique_ptr<ByteStream> stream_;
  std::string name_;
  std::size_t max_line_bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t line_number_ = 0;
};

}  // namespace skillit
