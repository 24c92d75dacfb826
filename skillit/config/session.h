#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace skillit::config::detail {

/// A value's text as it is shown in a message: quoted, on one line, cut when long.
[[nodiscard]] std::string shown(std::string_view text);

/// One act of filling options from a file and overrides: where each key was set, and all that was
/// found wrong.
class Session {
 public:
  /// Lines of problems and keys are lines of this file; "" when there are only overrides.
  explicit Session(std::string_view file);
  /// Problems and keys from here on belong to this "key=value".
  void enter_override(std::string_view text);

  /// @throws Error kBadFormat, as finish(), once there are too many to be worth reading on.
  void add(int line, std::string_view path, std::string_view message);
  /// Remembers that the key `path` was set at `line`, for add_at(). A later call wins.
  void set_at(const std::string& path, int line);
  /// A problem found after reading: placed where the key, or the nearest section around it, was
  /// set. Left out when that key already has a problem, which may well be its cause.
  void add_at(const std::string& path, std::string_view message);

  /// @throws Error kBadFormat with every problem, in the order of the file, then of the overrides;
  /// if there are any.
  void finish();

 private:
  struct Place {
    std::string source;
    int line = 0;  ///< 0 outside files.
    bool in_file = false;
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct Problem {
    Place place;
    std::string path;
    std::string message;
    friend bool operator==(const Problem&, const Problem&) = default;
  };
  [[nodiscard]] Place here(int line) const;
  void add(Place place, std::string_view path, std::string_view message);
  [[nodiscard]] std::string sources() const;

  const Place base_;  ///< Of what was set nowhere.
  Place current_;
  std::map<std::string, Place> set_at_;
  std::vector<Problem> problems_;
};

}  // namespace skillit::config::detail
