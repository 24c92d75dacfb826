#include "skillit/run/runs_at_once.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "skillit/nn/gpu_graph.h"
#include "skillit/run/free_memory.h"
#include "skillit/run/start_model.h"
#include "skillit/run/step_prediction.h"
#include "skillit/run/training_cost.h"

namespace skillit {
namespace {

constexpr double kSecondsEach = 0.5;  ///< Of trying one count; there are at most three.
constexpr double kLongestStep = 0.2;  ///< Seconds; of longer ones too few could be tried.
constexpr double kLeastWork = 120;    ///< Seconds of all runs, below which trying costs too much.
constexpr double kSameRate = 0.98;

MemoryNeed memory_need(const Recipe& recipe, const Dataset& data, std::int64_t steps,
                       const Runtime& runtime) {
  const bool own_data = recipe.data.draws_by_seed();  // Else one set for all of a study's runs.
  const bool draws_all = own_data && recipe.data.train_samples == 0;
  const double samples = data_bytes(data, draws_all ? steps * recipe.batch : 0);
  const double training =
      predict_bytes(recipe_architecture(recipe, *data.tokenizer), batch_shape(recipe, data),
                    runtime.compute == torch::kBFloat16) -
      kProgramBytes;
  const double free = runtime.device.is_cpu() ? free_memory() : gpu::free_memory();
  return own_data ? MemoryNeed{kProgramBytes, training + samples, free}
                  : MemoryNeed{kProgramBytes + samples, training, free};
}

std::string memory_text(const MemoryNeed& memory) {
  constexpr double kGigabyte = 1e9;
  if (memory.free == std::numeric_limits<double>::infinity()) return {};
  return fmt::format("about {:.2g} GB each, {:.2g} GB free", memory.run / kGigabyte,
                     memory.free / kGigabyte);
}

/// Tries each; "by steps/s 1: 20.5, 2: 38.1".
std::string try_counts(const Recipe& recipe, const Dataset& data, const std::vector<int>& counts,
                       Runtime& runtime) {
  std::vector<double> rates;
  std::vector<std::string> texts;
  for (const int count : counts) {
    rates.push_back(measure_steps_per_second(recipe, data, runtime, count, kSecondsEach));
    texts.push_back(fmt::format("{}: {:.3g}", count, rates.back()));
  }
  runtime.parallel = best_count(counts, rates);
  return fmt::format("by steps/s {}", fmt::join(texts, ", "));
}

/// Sets runtime.parallel. @return why.
std::string choose(const Recipe& recipe, const Dataset& data, std::size_t runs, std::int64_t steps,
                   const MemoryNeed& memory, Runtime& runtime) {
  const int most = runtime.parallel;
  const std::vector<int> counts = counts_to_try(most, runs, memory);
  runtime.parallel = counts.back();
  if (counts.size() > 1) {
    const double seconds = 1 / measure_steps_per_second(recipe, data, runtime, 1, 0);
    const double work = seconds * static_cast<double>(steps) * static_cast<double>(runs) / most;
    if (seconds < kLongestStep && work > kLeastWork)
      return try_counts(recipe, data, counts, runtime);
  }
  const bool enough_memory = runtime.parallel == std::min<int>(most, static_cast<int>(runs));
  return enough_memory ? "by cores" : "by memory";
}

}  // namespace

double data_bytes(const Dataset& data, std::int64_t samples) {
  double bytes = 0;
  for (const SampleStore& store : data.train) {
    const auto have = static_cast<double>(store.size());
    const double times = have > 0 ? std::max(1.0, static_cast<double>(samples) / have) : 0;
    bytes += times * static_cast<double>(store.num_bytes());
  }
  for (const SampleStore& store : data.validation) bytes += static_cast<double>(store.num_bytes());
  return bytes;
}

std::vector<int> counts_to_try(int most, std::size_t runs, const MemoryNeed& memory) {
  std::vector<int> counts{1};
  for (int count : {most / 2, most}) {
    count = static_cast<int>(std::min(static_cast<std::size_t>(std::max(count, 1)), runs));
    if (count > counts.back() && memory.program + count * memory.run <= memory.free)
      counts.push_back(count);
  }
  return counts;
}

int best_count(const std::vector<int>& counts, const std::vector<double>& steps_per_second) {
  const double most = *std::max_element(steps_per_second.begin(), steps_per_second.end());
  const auto place = std::find_if(steps_per_second.begin(), steps_per_second.end(),
                                  [&](double rate) { return rate >= kSameRate * most; });
  return counts[static_cast<std::size_t>(place - steps_per_second.begin())];
}

void choose_runs_at_once(const Recipe& recipe, const Dataset& data, std::size_t runs,
                         std::int64_t steps, Runtime& runtime, StudyObserver& observer) {
  if (runs == 0) return;
  const MemoryNeed memory = memory_need(recipe, data, steps, runtime);
  const std::string needs = memory_text(memory);
  if (memory.program + memory.run > memory.free) {
    observer.on_message(
        fmt::format("{}: warning: a run may not fit in memory ({}); less is needed with "
                    "micro_batch=N (samples at once) or recompute=true",
                    recipe.name, needs));
  }
  const std::string why =
      recipe.parallel > 0 ? "as parallel says" : choose(recipe, data, runs, steps, memory, runtime);
  runtime.reason = needs.empty() ? why : fmt::format("{}; {}", why, needs);
}

}  // namespace skillit
