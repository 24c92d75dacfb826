#pragma once

#include <filesystem>
#include <vector>

#include "skillit/record/run_record.h"

namespace skillit {

/// Reads a run folder, also one that is being written. A last line without its newline is one whose
/// writer died or is at work, and is left out; a file that is not there yet is empty; anything else
/// unexpected is refused.
/// @throws Error kNotFound (no run there), kBadFormat ("file:line: what"), kMismatch (another
/// format version), kIo.
[[nodiscard]] RunRecord read_run(const std::filesystem::path& folder);

/// The run folders <method>/seed<k> of a study's folder, by method name, then by seed. Empty when
/// there are none.
/// @throws Error kNotFound when the study folder does not exist.
[[nodiscard]] std::vector<std::filesystem::path> find_runs(
    const std::filesystem::path& study_folder);

}  // namespace skillit
