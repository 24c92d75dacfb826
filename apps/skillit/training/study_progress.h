#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "skillit/report/progress.h"
#include "skillit/run/observer.h"

namespace skillit::cli {

inline constexpr int kStoppedBySignal = 130;  ///< Exit status, as a shell gives it for Ctrl-C.

/// Shows a study on standard error: one live line on a terminal, else a plain line when a run
/// begins a round or ends. Ctrl-C or SIGTERM asks the study to stop.
class StudyProgressPrinter : public StudyObserver {
 public:
  StudyProgressPrinter();
  ~StudyProgressPrinter() override;
  StudyProgressPrinter(const StudyProgressPrinter&) = delete;
  StudyProgressPrinter& operator=(const StudyProgressPrinter&) = delete;

  void on_study(const std::string& name, std::size_t runs, std::int64_t steps_per_run) override;
  void on_status(const RunStatus& status) override;
  void on_message(const std::string& line) override;
  bool stop_requested() override;

 private:
  struct Active {
    RunProgress progress;
    std::chrono::steady_clock::time_point begin;
  };

  void begin(const std::string& name, std::size_t runs, std::int64_t steps_per_run);
  void draw(bool now);
  void clear_line();

  std::mutex mutex_;
  StudyProgress study_;
  std::map<std::string, Active> active_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_drawn_;
  bool is_terminal_;
  bool is_base_ = true;  ///< The stages of the base model come before the study's runs.
  bool line_is_drawn_ = false;
};

}  // namespace skillit::cli
