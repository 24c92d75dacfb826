#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace skillit {

/// Whole contents of a file. @throws Error kIo (cannot open or read), kBadFormat when larger than
/// `limit` bytes.
[[nodiscard]] std::string read_file(const std::filesystem::path& path,
                                    std::uintmax_t limit = 1ULL << 32);

/// Replaces `path` by `bytes` so that a reader, a crash or a full disk sees the old or the new
/// content, never a mixture: written to a temporary name beside it, fsynced, renamed. Missing
/// parent folders are made.
/// @throws Error kIo (disk full, not writable); then the old content is untouched and no temporary
/// file is left.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Read-only memory map of a whole file. Move-only; the views it gives die with it.
class MappedFile {
 public:
  /// @throws Error kIo (cannot open, not a regular file).
  [[nodiscard]] static MappedFile open(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] std::string_view bytes() const noexcept { return {data_, size_}; }

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace skillit
