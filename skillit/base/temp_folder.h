#pragma once

#include <filesystem>
#include <string_view>

namespace skillit {

/// An empty folder of its own, removed with all it holds at the end of the scope.
class TempFolder {
 public:
  /// Made in `parent`. @throws Error kIo.
  explicit TempFolder(const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace skillit
