#include "skillit/record/run_writer.h"

#include <utility>

#include "skillit/record/record_lines.h"

namespace skillit {

RunWriter::RunWriter(RunFolder folder, const RunPosition& from)
    : folder_(std::move(folder)),
      steps_(AppendFile::open(path() / kStepsFile)),
      evaluations_(AppendFile::open(path() / kEvaluationsFile)),
      rounds_(AppendFile::open(path() / kRoundsFile)),
      timing_(AppendFile::open(path() / kTimingFile)) {
  steps_.check_line_end(from.steps);  // All of them before any is cut.
  evaluations_.check_line_end(from.evaluations);
  rounds_.check_line_end(from.rounds);
  steps_.truncate_to(from.steps);
  evaluations_.truncate_to(from.evaluations);
  rounds_.truncate_to(from.rounds);
  timing_.drop_cut_line();
}

void RunWriter::append(const StepRecord& record) {
  steps_.append(to_line(record));
}
void RunWriter::append(const EvaluationRecord& record) {
  evaluations_.append(to_line(record));
}
void RunWriter::append(const RoundRecord& record) {
  rounds_.append(to_line(record));
}
void RunWriter::append(const TimingRecord& record) {
  timing_.append(to_line(record));
}

RunPosition RunWriter::position() {
  steps_.sync();
  evaluations_.sync();
  rounds_.sync();
  return {.steps = steps_.size(), .evaluations = evaluations_.size(), .rounds = rounds_.size()};
}

}  // namespace skillit
