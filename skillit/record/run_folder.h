#pragma once

#include <filesystem>

#include "skillit/record/run_record.h"

namespace skillit {

/// The names in a run folder. Wall-clock times are only in kTimingFile, so that the other files are
/// bit for bit the same whether or not a run was interrupted.
inline constexpr const char* kManifestFile = "manifest.json";
inline constexpr const char* kStepsFile = "steps.jsonl";
inline constexpr const char* kEvaluationsFile = "evaluations.jsonl";
inline constexpr const char* kRoundsFile = "rounds.jsonl";
inline constexpr const char* kTimingFile = "timing.jsonl";
/// The trained model: the last that a run writes.
inline constexpr const char* kModelFile = "model.safetensors";

/// Whether the run in this folder was trained to its end. Its record may still be damaged.
[[nodiscard]] bool has_trained_model(const std::filesystem::path& folder);

/// The right to write one run folder: holds a lock on it until destroyed. Move-only.
class RunFolder {
 public:
  /// Makes the folder and writes its manifest; where one stands already, checks that the run may go
  /// on as `manifest` and leaves the old one as it is.
  /// @throws Error kMismatch (made by a run with another recipe, data or format: says which), kIo
  /// (not writable, or another process is writing it: says which), kBadFormat (damaged manifest).
  [[nodiscard]] static RunFolder open(const std::filesystem::path& path, const Manifest& manifest);
  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&& other) noexcept;
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  ~RunFolder();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  RunFolder(std::filesystem::path path, int lock);
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace skillit
