#pragma once

#include <cstddef>
#include <memory>

#include "skillit/data/document_files.h"
#include "skillit/data/file_records.h"

namespace skillit {

/// The rows of a Parquet file, or of an Arrow file (IPC, with or without its footer: the form in
/// which Hugging Face `datasets` keeps a data set), each as one line of JSON with the columns as
/// fields, so that the rules for JSON lines apply to them. A row group (Parquet) or record batch
/// (Arrow) at a time is in memory.
/// @throws Error kNotFound when this program was built without Arrow C++ (where it comes from is
/// said), kIo, kBadFormat.
[[nodiscard]] std::unique_ptr<FileRecords> open_parquet_records(const DocumentFile& file,
                                                                std::size_t max_document_bytes);

}  // namespace skillit
