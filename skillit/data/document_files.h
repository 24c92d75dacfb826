#pragma once

#include <map>
#include <string>
#include <vector>

namespace skillit {

/// What is in a file of documents.
enum class DocumentFileKind {
  kJsonLines,  ///< A JSON object per line: .jsonl, .ndjson
  kText,       ///< The whole file is one document: .txt, .text, .md
};

/// A file of documents, which may be compressed (.gz, .zst after the ending).
struct DocumentFile {
  std::string path;
  DocumentFileKind kind = DocumentFileKind::kJsonLines;
  std::string skill;  ///< "" when its documents say it themselves.
};

/// The files that match a pattern, sorted by name. A name that exists is taken as it is, even if it
/// holds glob signs. @throws Error kNotFound.
[[nodiscard]] std::vector<std::string> expand_pattern(const std::string& pattern);

/// The name of a file of documents without folder and endings: "books" for "a/books.jsonl.zst".
[[nodiscard]] std::string document_file_stem(const std::string& path);

/// The files of `inputs` (files, patterns, or folders, of which every file of documents is taken,
/// not those in folders below) and of `skills` (skill -> such inputs), in order and sorted by name
/// within each. Files of `inputs` belong to the skill of their stem, or to "" if `by_document`.
/// @throws Error kNotFound (no such file, a folder without documents), kBadArgument (a file whose
/// ending says no kind, a file named twice, nothing at all).
[[nodiscard]] std::vector<DocumentFile> list_document_files(
    const std::vector<std::string>& inputs,
    const std::map<std::string, std::vector<std::string>>& skills, bool by_document);

}  // namespace skillit
