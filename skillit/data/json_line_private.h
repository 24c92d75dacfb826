#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>

// For this project's own .cpp files; not installed, so that no user needs simdjson.
namespace skillit::detail {

/// Where a line stands, for messages.
struct LinePlace {
  std::string_view file;
  std::uint64_t line = 0;      ///< From 1; 0 for a whole file.
  std::string_view unit = {};  ///< What it counts, such as "row"; "" for lines.

  [[nodiscard]] std::string text() const;
  /// @throws Error kBadFormat "<file>:<line>: <reason>".
  [[noreturn]] void refuse(const std::string& reason) const;
};

/// Parses lines that each hold one JSON object.
class JsonLineParser {
 public:
  explicit JsonLineParser(std::size_t max_line_bytes) : parser_(max_line_bytes) {}
  /// Valid until the next call. @throws Error kBadFormat.
  [[nodiscard]] simdjson::dom::object parse(std::string_view line, const LinePlace& place);

 private:
  simdjson::dom::parser parser_;
};

/// The string in a field. `option` names what chooses the field, for the message.
/// @throws Error kBadFormat when there is no such field (lists them) or no string in it.
[[nodiscard]] std::string_view string_field(simdjson::dom::object object, std::string_view name,
                                            std::string_view option, const LinePlace& place);

/// The same for what names something: a string, or a whole number in digits, kept in `digits`.
[[nodiscard]] std::string_view name_field(simdjson::dom::object object, std::string_view name,
                                          std::string_view option, const LinePlace& place,
                                          std::string& digits);

}  // namespace skillit::detail
