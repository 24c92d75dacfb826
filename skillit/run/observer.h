#pragma once

#include <cstdint>
#include <string>

namespace skillit {

/// Where one training stands.
struct RunStatus {
  std::string method;  ///< Or "base 2/3: pointer".
  std::int64_t seed = 0;
  std::int64_t step = 0;  ///< Steps done.
  std::int64_t steps = 0;
  std::int64_t round = 0;
  std::int64_t rounds = 0;
  std::int64_t tokens = 0;  ///< Trained on by this process.
  double mean_loss = 0;     ///< Of the last evaluation.
  bool finished = false;
};

/// Is told what a study does. Calls come from the threads that train, several at once.
class StudyObserver {
 public:
  virtual ~StudyObserver() = default;
  /// Before the first run (the base model may already have been trained).
  virtual void on_study(const std::string& name, std::size_t runs, std::int64_t steps_per_run) = 0;
  /// After every step, and once for a run that was finished before.
  virtual void on_status(const RunStatus& status) = 0;
  /// Something a person should know, one line.
  virtual void on_message(const std::string& line) = 0;
  /// Asked before every step; true ends all runs, each at its last checkpoint.
  virtual bool stop_requested() = 0;
};

}  // namespace skillit
