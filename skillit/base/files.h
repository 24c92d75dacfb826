#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

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

/// Adds `bytes` at the end of a file, which is made when it is not there. Not atomic: what a full
/// disk took of them stays. Opens and closes the file, so that thousands can be written in turn.
/// @throws Error kIo.
void append_to_file(const std::filesystem::path& path, std::string_view bytes);

/// Waits until what was written to the file is on the disk. @throws Error kIo.
void sync_file(const std::filesystem::path& path);

/// Reads a file from its beginning to its end, for files that another program may cut or remove
/// meanwhile. Move-only.
class FileReader {
 public:
  /// @throws Error kIo (cannot open, not a regular file).
  [[nodiscard]] static FileReader open(const std::filesystem::path& path);
  FileReader(FileReader&& other) noexcept;
  FileReader& operator=(FileReader&&) = delete;
  ~FileReader();

  /// The next bytes, as many as there are and fit; 0 at the end. @throws Error kIo.
  [[nodiscard]] std::size_t read(std::span<char> out);

 private:
  FileReader(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  int descriptor_;
  std::string name_;
};

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
