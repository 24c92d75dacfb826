#include "skillit/run/study.h"

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/record/run_reader.h"
#include "skillit/report/summary_json.h"
#include "skillit/report/svg_chart.h"
#include "skillit/run/base_model.h"
#include "skillit/run/dataset.h"
#include "skillit/run/experiment.h"
#include "skillit/run/graph_source.h"
#include "skillit/run/runtime.h"
#include "skillit/select/selector.h"

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

  void keep_first(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!failed_.exchange(true)) first_ = error;
  }
  void rethrow() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  StudyObserver& outer_;
  std::mutex mutex_;
  std::atomic<bool> failed_ = false;
  std::exception_ptr first_;
};

std::vector<RunPlan> plan_runs(const Recipe& recipe, const std::filesystem::path& folder,
                               const std::optional<BaseModel>& base, const Runtime& runtime) {
  std::vector<RunPlan> plans;
  for (const std::int64_t seed :
       recipe.seeds) {  // Seed by seed, so that an interrupted study has whole pairs.
    for (const std::string& method : recipe.methods) {
      plans.push_back({for_one_run(recipe, method, seed), recipe.name, method, seed,
                       folder / run_folder_name(method, seed), base, runtime});
    }
  }
  return plans;
}

/// Refuses what would fail in a later run now, before anything was trained: methods, graph, a share
/// for an empty skill.
Runtime check_recipe(const Recipe& recipe) {
  const Dataset dataset =
      make_dataset(recipe.data, recipe.batch, static_cast<std::uint64_t>(recipe.seeds.front()),
                   {recipe.train_on, recipe.evaluate_on});
  const SelectorInputs inputs = selector_inputs(recipe, dataset);
  for (const std::string& method : recipe.methods) (void)make_selector(method, inputs)->next({});
  return choose_runtime(recipe, static_cast<std::int64_t>(dataset.tokenizer->vocabulary_size()));
}

/// Works off `plans` with `parallel` threads. @return whether all came to their end.
bool run_side_by_side(const std::vector<RunPlan>& plans, int parallel, FailureStops& observer) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> complete = true;
  const auto work = [&] {
    for (std::size_t i = next++; i < plans.size(); i = next++) {
      try {
        if (!run_experiment(plans[i], observer)) complete = false;
      } catch (...) {
        observer.keep_first(std::current_exception());
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < parallel; ++i) workers.emplace_back(work);
  }
  observer.rethrow();
  return complete;
}

}  // namespace

std::optional<StudySummary> run_study(const Recipe& recipe, const std::filesystem::path& runs,
                                      StudyObserver& observer) {
  const Runtime runtime = check_recipe(recipe);
  const auto folder = runs / recipe.name;
  const auto base = ensure_base_model(recipe, runs, observer);
  if (!base && !recipe.base.empty()) return std::nullopt;
  const auto plans = plan_runs(recipe, folder, base, runtime);
  observer.on_message(fmt::format("{}: {} runs ({} methods x {} seeds), {}", recipe.name,
                                  plans.size(), recipe.methods.size(), recipe.seeds.size(),
                                  runtime.describe()));
  observer.on_study(recipe.name, plans.size(), recipe.steps);
  FailureStops guarded(observer);
  if (!run_side_by_side(plans, runtime.parallel, guarded)) return std::nullopt;
  std::vector<RunRecord> records;
  for (const RunPlan& plan : plans) records.push_back(read_run(plan.folder));
  StudySummary summary = summarize(records, recipe.threshold);
  write_file_atomically(folder / "summary.json", to_json(summary));
  write_file_atomically(folder / "report.svg", to_svg(records, recipe.threshold));
  return summary;
}

}  // namespace skillit
