#pragma once

#include <cstdint>

#include "skillit/record/append_file.h"
#include "skillit/record/run_folder.h"
#include "skillit/record/run_record.h"

namespace skillit {

/// How far a record had come, in bytes of each file; a checkpoint holds one. {} = nothing yet.
struct RunPosition {
  std::uint64_t steps = 0;
  std::uint64_t evaluations = 0;
  std::uint64_t rounds = 0;
  friend bool operator==(const RunPosition&, const RunPosition&) = default;
};

/// Writes the record of a run, line by line. One thread at a time.
///
///   RunWriter record(RunFolder::open("runs/lego/skillit/seed0", manifest), checkpoint.position);
///   record.append(StepRecord{.step = 1, .loss = 0.69});
///   checkpoint.position = record.position();
class RunWriter {
 public:
  /// Goes on from `from`: what was recorded after it is dropped, since it will be done again; {}
  /// starts from nothing. Times are kept, as they were spent.
  /// @throws Error kMismatch when a file is shorter than `from` says, naming it; kIo.
  RunWriter(RunFolder folder, const RunPosition& from);

  /// @throws Error kIo (disk full); then the files hold whole lines only.
  void append(const StepRecord& record);
  void append(const EvaluationRecord& record);
  void append(const RoundRecord& record);
  void append(const TimingRecord& record);

  /// Where the record stands, after all of it has reached the disk. @throws Error kIo.
  [[nodiscard]] RunPosition position();
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_.path(); }

 private:
  RunFolder folder_;
  AppendFile steps_;
  AppendFile evaluations_;
  AppendFile rounds_;
  AppendFile timing_;
};

}  // namespace skillit
