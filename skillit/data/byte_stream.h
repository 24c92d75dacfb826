#pragma once

#include <filesystem>
#include <memory>
#include <span>

namespace skillit {

/// The bytes of a file from beginning to end. Not thread-safe.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// The next bytes, as many as are at hand and fit; 0 only at the end.
  /// @throws Error kIo, kBadFormat (compressed data damaged or cut short).
  [[nodiscard]] virtual std::size_t read(std::span<char> out) = 0;
};

/// Opens a plain, gzip or Zstandard file; its first bytes say which it is. Memory does not grow
/// with the file, whatever the compressed data claim. @throws Error kIo.
[[nodiscard]] std::unique_ptr<ByteStream> open_byte_stream(const std::filesystem::path& path);

}  // namespace skillit
