#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "skillit/graph/learned_graph.h"
#include "skillit/record/run_record.h"

namespace skillit {

/// What stands in study folders.
struct StudyRecords {
  std::vector<RunRecord> runs;
  std::optional<LearnedGraph> graph;  ///< The one that the runs used, where a study keeps it.
  /// Of the first study that has a summary.json; else nothing.
  std::optional<double> threshold;
};

/// Reads every run of the folders, each a study's (runs/<study>) or one run's
/// (runs/<study>/<method>/seed<k>); a run named twice is read once. Methods come in the order of
/// the study's summary.json where there is one, else by name. Of several studies, a method is
/// called
/// "<study>/<method>", so that equal names stay apart.
/// @throws Error kNotFound (no such folder, or no run in it), kBadFormat (a damaged record: file
/// and line), kMismatch, kIo.
[[nodiscard]] StudyRecords read_studies(std::span<const std::filesystem::path> folders);

}  // namespace skillit
