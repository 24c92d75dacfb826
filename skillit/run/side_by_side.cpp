#include "skillit/run/side_by_side.h"

#include <atomic>

#include "skillit/run/run_in_threads.h"

namespace skillit {
namespace {

/// Passes everything on, and asks to stop as soon as one run has failed.
class FailureStops : public StudyObserver {
 public:
  explicit FailureStops(StudyObserver& outer) : outer_(outer) {}
  void on_study(const std::string& name, std::size_t runs, std::int64_t steps) override {
    outer_.on_study(name, runs, steps);
  }
  void on_status(const RunStatus& status) override { outer_.on_status(status); }
  void on_message(const std::string& line) override { outer_.on_message(line); }
  bool stop_requested() override { return failed_ || outer_.stop_requested(); }

  void set_failed() { failed_ = true; }

 private:
  StudyObserver& outer_;
  std::atomic<bool> failed_ = false;
};

}  // namespace

bool run_side_by_side(const std::vector<RunPlan>& plans, int parallel, StudyObserver& observer) {
  FailureStops guarded(observer);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> complete = true;
  run_in_threads(static_cast<std::size_t>(parallel), [&](std::size_t) {
    for (std::size_t i = next++; i < plans.size(); i = next++) {
      if (guarded.stop_requested()) {  // Beginning one only to leave it would take its data first.
        complete = false;
        return;
      }
      try {
        if (!run_experiment(plans[i], guarded)) complete = false;
      } catch (...) {
        guarded.set_failed();
        throw;
      }
    }
  });
  return complete;
}

}  // namespace skillit
