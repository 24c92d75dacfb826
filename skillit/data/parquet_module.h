#pragma once

#include <cstddef>

// What the optional module libskillit_parquet offers skillit::core, which opens it when a Parquet
// or Arrow file is read: plain C, so that neither Arrow's headers nor its C++ ABI reach anything
// else.
extern "C" {

struct SkillitRows;  ///< An open file.

/// Opens a file; `is_parquet` = 0 means Arrow IPC. On failure returns null and sets `*error` to a
/// text that lives until the next call on this thread.
SkillitRows* skillit_rows_open(const char* path, int is_parquet, const char** error);
/// The next row as a JSON object: 1 and its bytes, valid until the next call; 0 at the end; -1 and
/// `*error`.
int skillit_rows_next(SkillitRows* rows, const char** bytes, std::size_t* size, const char** error);
void skillit_rows_close(SkillitRows* rows);

}  // extern "C"
