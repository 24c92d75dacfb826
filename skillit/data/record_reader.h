#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "skillit/data/document_files.h"
#include "skillit/data/file_records.h"

namespace skillit {

/// Records that follow one another, with their bytes.
class RecordBatch {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  [[nodiscard]] std::size_t num_bytes() const noexcept { return bytes_.size(); }
  [[nodiscard]] Record operator[](std::size_t i) const;
  void add(const Record& record);

 private:
  struct Place {
    std::size_t skill_end = 0;  ///< In bytes_, where the skill stands before the record.
    std::size_t end = 0;
    std::uint32_t file = 0;
    std::uint64_t line = 0;
  };
  std::string bytes_;
  std::vector<Place> places_;
};

/// Reads the records of many files in order, in bounded memory. Not thread-safe.
class RecordReader {
 public:
  /// No document has more than `max_document_bytes`. The list must outlive the reader.
  RecordReader(const std::vector<DocumentFile>& files, std::size_t max_document_bytes);

  /// The next records: at least one, then until they have `batch_bytes`. Nothing at the end.
  /// @throws Error as FileRecords.
  [[nodiscard]] std::optional<RecordBatch> next(std::size_t batch_bytes);
  /// Passes over records without keeping them; false when the end came first.
  [[nodiscard]] bool skip(std::uint64_t count);

 private:
  /// The next record; its bytes are valid until the next call.
  [[nodiscard]] std::optional<Record> read();

  const std::vector<DocumentFile>& files_;
  std::size_t max_document_bytes_;
  std::uint32_t next_file_ = 0;
  std::unique_ptr<FileRecords> records_;  ///< Of the file before next_file_.
};

}  // namespace skillit
