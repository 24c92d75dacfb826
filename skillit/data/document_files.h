#pragma once

#include <map>
#include <string>
#include <vector>

namespace skillit {

/// What is in a file of documents.
enum class DocumentFileKind {
  kJsonLines,     ///< A JSON object per line: .jsonl, .ndjson
  kText,          ///< The whole file is one document: .txt, .text, .md
  kParquet,       ///< A table, each row a document: .parquet
  kArrow,         ///< The same: .arrow
  kInstructions,  ///< A task of Natural Instructions, each instance a document; never by ending.
  kAlpaca,        ///< Alpaca's list, each row a document; never by ending.
};

/// A file of documents. Lines and text may be compressed (.gz, .zst after the ending).
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

/// The tasks of Natural Instructions in a folder or on a list (as read_natural_instructions), whose
/// documents are of the task's category. @throws Error kNotFound, kIo.
[[nodiscard]] std::vector<DocumentFile> list_instruction_files(const std::string& folder_or_list);

/// Alpaca's list as a file of documents, whose skills are verbs (read_alpaca with kAlpacaRows).
[[nodiscard]] DocumentFile alpaca_file(const std::string& path);

/// The files of `inputs` (files, patterns, or folders, of which every file of documents is taken,
/// not those in folders below) and of `skills` (skill -> such inputs), in order and sorted by name
/// within each. Files of `inputs` belong to the skill of their stem, or to "" if `by_document`.
/// @throws Error kNotFound (no such file, a folder without documents), kBadArgument (a file whose
/// ending says no kind, a file named twice, nothing at all).
[[nodiscard]] std::vector<DocumentFile> list_document_files(
    const std::vector<std::string>& inputs,
    const std::map<std::string, std::vector<std::string>>& skills, bool by_document);

}  // namespace skillit
