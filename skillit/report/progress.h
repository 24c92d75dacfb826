#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace skillit {

/// Where one run stands. A number not known yet is NaN.
struct RunProgress {
  std::string method;
  std::uint64_t seed = 0;
  std::uint64_t round = 0;  ///< In work, counted from 0.
  std::uint64_t rounds = 0;
  std::uint64_t step = 0;  ///< Steps done.
  std::uint64_t steps = 0;
  double tokens_per_second = std::numeric_limits<double>::quiet_NaN();
  double mean_loss = std::numeric_limits<double>::quiet_NaN();  ///< Of the latest evaluation.
};

/// Where a study stands; counts are over all its runs.
struct StudyProgress {
  std::string study;
  std::size_t runs_finished = 0;
  std::size_t runs = 0;
  std::vector<RunProgress> active = {};
  std::uint64_t steps_done = 0;
  std::uint64_t steps_at_start = 0;  ///< Those of each run when this process first saw it.
  std::uint64_t steps = 0;
  double elapsed_seconds = 0;  ///< Since this process first saw a step.
};

/// Seconds to the end at this process's pace so far; NaN in its first second.
[[nodiscard]] double seconds_left(const StudyProgress& progress);
/// "42 s", "3 min 05 s", "2 h 14 min"; "?" for NaN.
[[nodiscard]] std::string duration_text(double seconds);

/// One line of at most `width` cells for a terminal: as much as fits, the most important first.
[[nodiscard]] std::string progress_line(const StudyProgress& progress, std::size_t width);
/// One line about one run for a pipe or a log, whole however long. No newline at the end.
[[nodiscard]] std::string plain_line(const StudyProgress& progress, const RunProgress& run);

}  // namespace skillit
