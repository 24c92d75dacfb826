#pragma once

#include <simdjson.h>
#include <sqlite3.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "skillit/data/json_line_private.h"

// For this project's own .cpp files; not installed, so that no user needs simdjson or SQLite.
namespace skillit::detail {

/// Chooses the first of some SQL conditions that a JSON object meets. Its fields are the columns;
/// objects and arrays in it are JSON text (meta->>'source' = 'arxiv'), a field that an object lacks
/// is NULL. SQLite in memory, one statement for each set of fields. Not thread-safe.
class SkillFilter {
 public:
  /// (skill, condition). @throws Error kBadArgument on a condition that is no SQL expression.
  explicit SkillFilter(std::vector<std::pair<std::string, std::string>> conditions);

  /// @throws Error kBadFormat when a condition fails on this object, such as malformed JSON text.
  [[nodiscard]] std::optional<std::size_t> first_met(simdjson::dom::object object,
                                                     const LinePlace& place);
  /// All fields met so far, and those that conditions named and some object lacked.
  [[nodiscard]] const std::set<std::string>& fields_met() const noexcept { return met_; }
  [[nodiscard]] const std::set<std::string>& fields_lacked() const noexcept { return lacked_; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  [[nodiscard]] Statement prepare(const std::vector<std::string>& columns, std::string& problem);
  sqlite3_stmt* statement_for(const std::vector<std::string>& columns);

  std::vector<std::pair<std::string, std::string>> conditions_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;
  std::map<std::vector<std::string>, Statement> statements_;  ///< By the fields of the object.
  std::set<std::string> met_;
  std::set<std::string> lacked_;
};

}  // namespace skillit::detail
