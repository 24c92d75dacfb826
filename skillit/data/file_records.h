#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "skillit/data/document_files.h"

namespace skillit {

/// One document as it stands in its file: a line of JSON, a row of a table as such a line, an
/// instruction with its answer, or a whole text file.
struct Record {
  std::string_view bytes;
  std::string_view skill = {};  ///< Where the file itself says it (instructions), else "".
  std::uint32_t file = 0;       ///< In the list of files; 0 from FileRecords.
  std::uint64_t line = 0;       ///< Or row, or instance, from 1; 0 for a whole file.
};

/// The records of one file in order. Blank lines are no records. Not thread-safe.
class FileRecords {
 public:
  virtual ~FileRecords() = default;
  /// The next record, valid until the next call; nothing at the end.
  /// @throws Error kIo, kBadFormat (a document over the limit, damaged data), naming the file.
  [[nodiscard]] virtual std::optional<Record> next() = 0;
};

/// No document has more than `max_document_bytes`. Memory is a few times the longest document, for
/// instructions the whole file. @throws Error as next().
[[nodiscard]] std::unique_ptr<FileRecords> open_file_records(const DocumentFile& file,
                                                             std::size_t max_document_bytes);

}  // namespace skillit
