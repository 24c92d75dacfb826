#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace skillit {

/// A file to which whole lines are added at the end. Each line goes to the operating system at
/// once, so that killing the process loses none. Move-only; one thread at a time.
class AppendFile {
 public:
  /// Makes the file when there is none. @throws Error kIo.
  [[nodiscard]] static AppendFile open(const std::filesystem::path& path);
  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&& other) noexcept;
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;
  ~AppendFile();

  /// `line` ends with its newline. @throws Error kIo (disk full); then the file is as before.
  void append(std::string_view line);
  /// Whether truncate_to(size) would be right.
  /// @throws Error kMismatch when the file is shorter than `size`, or `size` is inside a line.
  void check_line_end(std::uint64_t size) const;
  /// Cuts the file to its first `size` bytes. @throws Error as check_line_end; kIo.
  void truncate_to(std::uint64_t size);
  /// Drops what stands after the last newline: a line whose writer died. @throws Error kIo.
  void drop_cut_line();
  /// Returns when all lines are on the disk. @throws Error kIo.
  void sync();
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  AppendFile(std::filesystem::path path, int descriptor, std::uint64_t size);
  [[nodiscard]] char byte_at(std::uint64_t place) const;
  void resize(std::uint64_t size);

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace skillit
