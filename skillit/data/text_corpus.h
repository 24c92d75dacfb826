#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "skillit/skill/skill_set.h"

namespace skillit {

/// Where the documents of each skill are: JSON lines files (plain, gzip or
/// Zstandard), one object with a text field per line.
/// Name either `files` or `path`. A pattern is a file or a glob ("books/*.jsonl"); its files are
/// read in the order of their names.
struct CorpusSource {
  std::map<std::string, std::vector<std::string>>
      files;  ///< Patterns of each skill. Skills come in order of name.
  std::string
      path;  ///< A folder (all its *.jsonl) or a pattern. Each file is a skill named by its stem ..
  std::string skill_field;  ///< .. unless this names the field that says a line's skill.
  std::string text_field = "text";
};

/// One text and the place it came from, for messages.
struct Document {
  std::string text;
  std::uint32_t file = 0;  ///< In Corpus::files.
  std::uint64_t line = 0;  ///< From 1.
};

/// All documents by skill id, in the order they were read.
struct Corpus {
  SkillSet skills;
  std::vector<std::vector<Document>> documents;
  std::vector<std::string> files;

  /// "books.jsonl:12"
  [[nodiscard]] std::string place_of(const Document& document) const;
};

/// Reads them into memory. Blank lines and empty texts are passed over.
/// @throws Error kNotFound (a pattern without a file), kBadArgument (neither or both of files and
/// path), kIo, kBadFormat with file and line: no JSON object, not UTF-8, a line over 64 MiB, no
/// text field or no string in it, a file without documents.
[[nodiscard]] Corpus read_corpus(const CorpusSource& source);

}  // namespace skillit
