#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "skillit/base/error.h"
#include "skillit/base/temp_folder.h"

namespace skillit::fuzz {

/// Runs `action`. A refusal is an answer like any other; it must be one line that says something.
template <class Action>
void expect_answer_or_error(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    if (std::string_view(error.what()).empty()) throw std::logic_error("an Error without a word");
  }
}

/// Files for readers that take paths, in memory where the system has such a folder. One per
/// process.
class Scratch {
 public:
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  /// The path of a file with these bytes.
  std::filesystem::path put(std::string_view name, std::string_view bytes) const {
    std::ofstream file(folder_ / name, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return folder_ / name;
  }

 private:
  static std::filesystem::path parent() {
    return std::filesystem::is_directory("/dev/shm") ? "/dev/shm"
                                                     : std::filesystem::temp_directory_path();
  }
  TempFolder folder_{parent()};
};

/// Stands between two files of one input.
inline constexpr std::string_view kSecondFile = "\n----\n";

/// Takes what stands before the first `mark` off `bytes`, which keeps what stands behind it; all of
/// it when there is none. So one input can be two files.
inline std::string_view take_until(std::string_view& bytes, std::string_view mark) {
  const std::size_t end = std::min(bytes.find(mark), bytes.size());
  const std::string_view taken = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + mark.size(), bytes.size()));
  return taken;
}

}  // namespace skillit::fuzz
