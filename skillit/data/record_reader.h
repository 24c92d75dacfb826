#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/data/document_files.h"
#include "skillit/data/line_reader.h"

namespace skillit {

/// One document as it stands in its file: a line of JSON, or a whole text file.
struct Record {
  std::string_view bytes;
  std::uint32_t file = 0;  ///< In the list of files.
  std::uint64_t line = 0;  ///< From 1; 0 for a whole file.
};

/// Records that follow one another, with their bytes.
class RecordBatch {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  [[nodiscard]] std::size_t num_bytes() const noexcept { return bytes_.size(); }
  [[nodiscard]] Record operator[](std::size_t i) const;
  void add(std::string_view bytes, std::uint32_t file, std::uint64_t line);

 private:
  struct Place {
    std::size_t end = 0;  ///< In bytes_.
    std::uint32_t file = 0;
    std::uint64_t line = 0;
  };
  std::string bytes_;
  std::vector<Place> places_;
};

/// Reads the records of many files in order, in bounded memory. Blank lines are no records. Not
/// thread-safe.
class RecordReader {
 public:
  /// No document has more than `max_document_bytes`. The list must outlive the reader.
  RecordReader(const std::vector<DocumentFile>& files, std::size_t max_document_bytes);

  /// The next records: at least one, then until they have `batch_bytes`. Nothing at the end.
  /// @throws Error kIo, kBadFormat (a longer document, damaged compression), naming the file.
  [[nodiscard]] std::optional<RecordBatch> next(std::size_t batch_bytes);
  /// Passes over records without keeping them; false when the end came first.
  [[nodiscard]] bool skip(std::uint64_t count);

 private:
  /// The next record; its bytes are valid until the next call.
  [[nodiscard]] std::optional<Record> read();
  [[nodiscard]] Record read_text_file(std::uint32_t file);

  const std::vector<DocumentFile>& files_;
  std::size_t max_document_bytes_;
  std::uint32_t next_file_ = 0;
  std::optional<LineReader> lines_;  ///< Of the file before next_file_.
  std::string text_;                 ///< Of a text file.
};

}  // namespace skillit
