#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "skillit/data/record_reader.h"

namespace skillit {

/// What a document's text and skill are. A file that has a skill gives it to its documents; for the
/// others one of skill_field, filters and assignments must say it.
struct DocumentRules {
  std::string text_field = "text";
  std::string skill_field;
  /// (skill, SQL condition over the fields); the first that is met counts. Documents that meet none
  /// are left out.
  std::vector<std::pair<std::string, std::string>> filters;
  /// Value of id_field -> skill. Documents that are not in it are left out.
  std::shared_ptr<const std::unordered_map<std::string, std::string>> assignments;
  std::string id_field = "id";
};

/// "id<tab>skill" per line; blank lines are passed over. In memory: about 100 bytes a line.
/// @throws Error kBadFormat with the line (no tab, an empty part, an id given two skills), kIo.
[[nodiscard]] std::unordered_map<std::string, std::string> read_assignments(
    const std::string& path);

/// Turns records into texts and skills. Not thread-safe; make one per thread.
class DocumentParser {
 public:
  struct Result {
    std::string_view text;   ///< "" is no document.
    std::string_view skill;  ///< "" when the rules leave the document out.
  };

  /// Both must outlive the parser. @throws Error kBadArgument on a filter that is no SQL condition.
  DocumentParser(const DocumentRules& rules, const std::vector<DocumentFile>& files);
  ~DocumentParser();
  DocumentParser(const DocumentParser&) = delete;
  DocumentParser& operator=(const DocumentParser&) = delete;

  /// Valid until the next call, and as long as the record's bytes.
  /// @throws Error kBadFormat with file and line.
  [[nodiscard]] Result parse(const Record& record);
  /// "books.jsonl:12"
  [[nodiscard]] std::string place_of(const Record& record) const;

  /// All fields that the filters met, and those they named and some document lacked.
  [[nodiscard]] std::set<std::string> filter_fields_met() const;
  [[nodiscard]] std::set<std::string> filter_fields_lacked() const;

 private:
  struct State;
  const DocumentRules& rules_;
  const std::vector<DocumentFile>& files_;
  std::unique_ptr<State> state_;
};

}  // namespace skillit
