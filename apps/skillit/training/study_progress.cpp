#include "training/study_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>

namespace skillit::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// Set by a signal, read by all threads that train.
std::atomic<int> stop_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void remember_signal(int signal) {
  stop_signal = signal;
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

StudyProgressPrinter::StudyProgressPrinter()
    : start_(Clock::now()), is_terminal_(::isatty(STDERR_FILENO) == 1) {
  stop_signal = 0;
  std::signal(SIGINT, remember_signal);
  std::signal(SIGTERM, remember_signal);
}

StudyProgressPrinter::~StudyProgressPrinter() {
  clear_line();
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

void StudyProgressPrinter::on_study(const std::string& name, std::size_t runs,
                                    std::int64_t steps_per_run) {
  const std::lock_guard lock(mutex_);
  begin(name, runs, steps_per_run);
  is_base_ = false;
}

void StudyProgressPrinter::begin(const std::string& name, std::size_t runs,
                                 std::int64_t steps_per_run) {
  study_ = {};
  study_.study = name;
  study_.runs = runs;
  study_.steps = runs * static_cast<std::uint64_t>(steps_per_run);
  active_.clear();
  start_ = Clock::now();
}

void StudyProgressPrinter::on_status(const RunStatus& status) {
  const std::lock_guard lock(mutex_);
  const std::string key = fmt::format("{} {}", status.method, status.seed);
  if (is_base_ && !active_.contains(key)) begin("base model", 1, status.steps);
  const auto [entry, is_new] = active_.try_emplace(key);
  Active& active = entry->second;
  RunProgress& run = active.progress;
  if (is_new) {
    active.begin = Clock::now();
    run = {status.method, static_cast<std::uint64_t>(status.seed)};
    // What came before, making data and the first evaluation, says nothing about the pace.
    if (study_.steps_done == study_.steps_at_start) start_ = Clock::now();
    run.step = static_cast<std::uint64_t>(status.step);
    study_.steps_at_start += run.step;
    study_.steps_done += run.step;
  }
  const bool new_round = is_new || run.round != static_cast<std::uint64_t>(status.round);
  study_.steps_done += static_cast<std::uint64_t>(status.step) - run.step;
  run.step = static_cast<std::uint64_t>(status.step);
  run.steps = static_cast<std::uint64_t>(status.steps);
  run.round = static_cast<std::uint64_t>(status.round);
  run.rounds = static_cast<std::uint64_t>(status.rounds);
  run.mean_loss = status.mean_loss;
  const double seconds = seconds_since(active.begin);
  if (seconds > 0.5) run.tokens_per_second = static_cast<double>(status.tokens) / seconds;
  if (status.finished) ++study_.runs_finished;
  if (!is_terminal_ && (new_round || status.finished)) {
    study_.elapsed_seconds = seconds_since(start_);
    fmt::print(stderr, "{}\n", plain_line(study_, run));
  }
  if (status.finished) active_.erase(entry);
  draw(status.finished);
}

void StudyProgressPrinter::on_message(const std::string& line) {
  const std::lock_guard lock(mutex_);
  clear_line();
  fmt::print(stderr, "{}\n", line);
}

bool StudyProgressPrinter::stop_requested() {
  return stop_signal != 0;
}

void StudyProgressPrinter::draw(bool now) {
  if (!is_terminal_ || (!now && seconds_since(last_drawn_) < 0.2)) return;
  last_drawn_ = Clock::now();
  study_.elapsed_seconds = seconds_since(start_);
  study_.active.clear();
  for (const auto& [key, active] : active_) study_.active.push_back(active.progress);
  fmt::print(stderr, "\r\x1b[2K{}", progress_line(study_, terminal_width() - 1));
  std::fflush(stderr);
  line_is_drawn_ = true;
}

void StudyProgressPrinter::clear_line() {
  if (line_is_drawn_) fmt::print(stderr, "\r\x1b[2K");
  line_is_drawn_ = false;
}

}  // namespace skillit::cli
