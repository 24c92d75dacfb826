#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace skillit {

/// Reads the lines of a file that another program is still writing. A line counts once its newline
/// is there, so a half-written one is never seen. Not thread-safe.
class LineFollower {
 public:
  /// The file need not exist yet.
  explicit LineFollower(std::filesystem::path path) : path_(std::move(path)) {}
  LineFollower(const LineFollower&) = delete;
  LineFollower& operator=(const LineFollower&) = delete;
  ~LineFollower();

  /// The next line without its newline, or nothing when none is complete at this moment. Never
  /// waits.
  /// @throws Error kIo when the file cannot be read or is no regular file, kMismatch when it was
  /// cut short, replaced or removed (its lines so far can no longer be trusted), kBadFormat on a
  /// line of more than 64 MiB.
  [[nodiscard]] std::optional<std::string> next();
  /// Number of the line that next() gave last, from 1.
  [[nodiscard]] std::size_t line_number() const noexcept { return line_number_; }

 private:
  bool open();
  void check_unchanged() const;
  bool read_more();

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t offset_ = 0;  ///< Bytes read from the file.
  std::string buffer_;        ///< Read and not yet given out.
  std::size_t searched_ = 0;  ///< So far there is no newline in the buffer.
  std::size_t line_number_ = 0;
};

}  // namespace skillit
