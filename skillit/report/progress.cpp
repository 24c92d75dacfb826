#include "skillit/report/progress.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "skillit/report/method_names.h"
#include "skillit/report/text_layout.h"

namespace skillit {
namespace {

constexpr double kLeastSeconds = 1;  ///< In less a pace cannot be told.

std::string tokens_text(double per_second) {
  if (!(per_second > 0)) return "? tok/s";
  if (per_second >= 1e6) return fmt::format("{:.3g}M tok/s", per_second / 1e6);
  if (per_second >= 1e3) return fmt::format("{:.3g}k tok/s", per_second / 1e3);
  return fmt::format("{:.0f} tok/s", per_second);
}

std::string loss_text(double loss) {
  return std::isfinite(loss) ? fmt::format("loss {:.3f}", loss) : "loss ?";
}

/// Rounds are shown counted from 1; after the last one the last stays.
std::string round_text(const RunProgress& run) {
  return fmt::format("{}/{}", run.rounds > 0 ? std::min(run.round + 1, run.rounds) : 0, run.rounds);
}

/// How much is said about each run at work.
enum class Detail { kRound, kLoss, kStep };

std::string run_text(const RunProgress& run, Detail detail) {
  std::string text = fmt::format(" | {}/{}", short_method_name(run.method), run.seed);
  if (detail == Detail::kRound) text += fmt::format(" round {} step", round_text(run));
  text += fmt::format(" {}/{}", run.step, run.steps);
  if (detail != Detail::kStep) text.append(" ").append(loss_text(run.mean_loss));
  return text;
}

std::string study_text(const StudyProgress& progress) {
  const double share = progress.steps > 0 ? static_cast<double>(progress.steps_done) /
                                                static_cast<double>(progress.steps)
                                          : 0;
  double tokens_per_second = 0;
  for (const RunProgress& run : progress.active) {
    if (std::isfinite(run.tokens_per_second)) tokens_per_second += run.tokens_per_second;
  }
  return fmt::format("{} {}/{} runs {:.0f}% ETA {} {}", progress.study, progress.runs_finished,
                     progress.runs, std::floor(100 * share), duration_text(seconds_left(progress)),
                     tokens_text(tokens_per_second));
}

}  // namespace

double seconds_left(const StudyProgress& progress) {
  const auto done = static_cast<double>(progress.steps_done - progress.steps_at_start);
  const auto left = static_cast<double>(progress.steps - progress.steps_done);
  return done > 0 && progress.elapsed_seconds >= kLeastSeconds
             ? progress.elapsed_seconds * left / done
             : std::numeric_limits<double>::quiet_NaN();
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  const auto whole = static_cast<std::uint64_t>(std::llround(std::max(0.0, seconds)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string progress_line(const StudyProgress& progress, std::size_t width) {
  const std::string study = study_text(progress);
  for (const Detail detail : {Detail::kRound, Detail::kLoss, Detail::kStep}) {
    std::string line = study;
    for (const RunProgress& run : progress.active) line += run_text(run, detail);
    if (display_width(line) <= width) return line;
  }
  return fit(study, width);
}

std::string plain_line(const StudyProgress& progress, const RunProgress& run) {
  const std::string study = fmt::format(
      "{} ({}/{} runs, ETA {}): {} seed {}", progress.study, progress.runs_finished, progress.runs,
      duration_text(seconds_left(progress)), short_method_name(run.method), run.seed);
  if (run.step == run.steps && !std::isfinite(run.mean_loss)) return study + " was done before";
  return fmt::format("{} round {} step {}/{} {} {}", study, round_text(run), run.step, run.steps,
                     loss_text(run.mean_loss), tokens_text(run.tokens_per_second));
}

}  // namespace skillit
