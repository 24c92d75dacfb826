#pragma once

#include <string>
#include <vector>

namespace skillit::config {

/// What a struct's validate() found. The loader adds the file and line where the key was set and
/// reports everything together.
class Problems {
 public:
  struct Problem {
    std::string path;
    std::string message;
  };

  /// `path` names the key at fault as seen from the struct that checks itself: "lr",
  /// "stages.0.steps"; "" is the struct as a whole. `message` says what was found and what is
  /// expected.
  void add(std::string path, std::string message) {
    list_.push_back({std::move(path), std::move(message)});
  }
  [[nodiscard]] const std::vector<Problem>& list() const noexcept { return list_; }

 private:
  std::vector<Problem> list_;
};

}  // namespace skillit::config
