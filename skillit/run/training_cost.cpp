#include "skillit/run/training_cost.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/data/mixture_stream.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/run/run_in_threads.h"
#include "skillit/run/start_model.h"
#include "skillit/train/evaluator.h"
#include "skillit/train/trainer.h"

namespace skillit {
namespace {

constexpr int kWarmUpSteps = 3;
constexpr int kMeasuredSteps = 20;
constexpr int kFewestMeasured = 2;           ///< However long a step is.
constexpr double kLongestMeasured = 10;      ///< Seconds, after which no further step is begun.
constexpr std::int64_t kSchedule = 1 << 20;  ///< Steps of a throwaway's schedule: more than any.

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The forward pass of a token in a sequence of `length`. A multiply-add counts as two; attention
/// looks back over half of the sequence on average.
double token_flops(const Architecture& model, double length) {
  const auto mixed = static_cast<double>(model.layers * model.heads * model.head_width);
  return 2 * (static_cast<double>(model.block_weights()) + mixed * length);
}

/// The head, where a token is scored.
double head_flops(const Architecture& model) {
  return 2 * static_cast<double>(model.vocabulary) * static_cast<double>(model.width);
}

constexpr double kForwardAndBackward = 3;  // The backward pass takes twice the forward one.

double batch_flops(const Architecture& model, const Batch& batch) {
  return kForwardAndBackward * (token_flops(model, static_cast<double>(batch.length())) *
                                    static_cast<double>(batch.num_tokens) +
                                head_flops(model) * static_cast<double>(batch.num_scored()));
}

/// Tokens up to the last one whose prediction is scored, and how many are scored.
struct SampleWork {
  double tokens = 0;
  double scored = 0;
};
SampleWork work_of(const Sample& sample) {
  SampleWork work;
  for (std::size_t t = 1; t < sample.scored.size(); ++t) {
    if (sample.scored[t] == 0) continue;
    work.tokens = static_cast<double>(t);
    ++work.scored;
  }
  return work;
}

double forward_flops(const Architecture& model, const Sample& sample) {
  const SampleWork work = work_of(sample);
  return work.tokens * token_flops(model, work.tokens) + work.scored * head_flops(model);
}

/// As a token sees it: a long sequence holds more tokens.
double mean_length(const std::vector<SampleStore>& stores) {
  constexpr std::size_t kSamples = 64;
  double tokens = 0, squares = 0;
  for (const SampleStore& store : stores) {
    for (std::size_t i = 0; i < std::min(store.size(), kSamples); ++i) {
      const double length = work_of(store[i]).tokens;
      tokens += length;
      squares += length * length;
    }
  }
  return tokens > 0 ? squares / tokens : 0;
}

/// A training of a throwaway model for measurements, with all skills in equal shares.
class Throwaway {
 public:
  Throwaway(const Recipe& recipe, const Dataset& data, const Runtime& runtime)
      : recipe_(recipe),
        data_(data),
        device_(runtime.device),
        model_(recipe_architecture(recipe, *data.tokenizer), 0, runtime.device, runtime.compute),
        trainer_(model_, recipe.optimizer, kSchedule, runtime.recompute),
        stream_(data.train_sizes(), 0),
        refs_(static_cast<std::size_t>(recipe.batch)) {}

  /// @return the step's batch, in pieces.
  std::vector<Batch> step() {
    stream_.begin_block(Mixture::uniform(data_.train_skills.size()), refs_.size());
    stream_.read(refs_);
    std::vector<Sample> samples;
    for (const SampleRef& ref : refs_) samples.push_back(data_.train[ref.skill][ref.index]);
    std::vector<Batch> pieces = make_batches(samples, recipe_.micro_batch, device_);
    (void)trainer_.step(pieces);
    return pieces;
  }
  [[nodiscard]] const Gpt& model() const { return model_; }

 private:
  const Recipe& recipe_;
  const Dataset& data_;
  torch::Device device_;
  Gpt model_;
  Trainer trainer_;
  MixtureStream stream_;
  std::vector<SampleRef> refs_;
};

/// One training's share of the measurement.
StepCost measure_one(const Recipe& recipe, const Dataset& data, const Runtime& runtime) {
  const gpu::OwnStream stream(runtime.device);
  Throwaway training(recipe, data, runtime);
  const auto measure_steps = [&](int fewest, int most) {
    StepCost sum;
    int steps = 0;
    const auto start = Clock::now();
    while (steps < fewest || (steps < most && seconds_since(start) < kLongestMeasured)) {
      for (const Batch& piece : training.step()) {
        sum.tokens += static_cast<double>(piece.num_tokens);
        sum.flops += batch_flops(training.model().architecture(), piece);
      }
      ++steps;
    }
    return StepCost{sum.tokens / steps, sum.flops / steps, seconds_since(start) / steps, 0};
  };
  (void)measure_steps(1, kWarmUpSteps);
  StepCost cost = measure_steps(kFewestMeasured, kMeasuredSteps);
  const Evaluator evaluator(data.validation, data.eval_skills,
                            evaluation_limit(training.model().architecture()), runtime.device);
  if (runtime.device.is_cuda()) (void)evaluator.measure(training.model());  // Kernels are loaded.
  const auto start = Clock::now();
  (void)evaluator.measure(training.model());
  cost.evaluate_seconds = seconds_since(start);
  return cost;
}

/// Steps a second of one training, for as long as `seconds` and one step at least.
double steps_per_second_of_one(const Recipe& recipe, const Dataset& data, const Runtime& runtime,
                               double seconds) {
  const gpu::OwnStream stream(runtime.device);
  Throwaway training(recipe, data, runtime);
  for (int step = 0; step < kWarmUpSteps; ++step) (void)training.step();
  const auto start = Clock::now();
  double steps = 0;
  do {
    (void)training.step();
    ++steps;
  } while (seconds_since(start) < seconds);
  return steps / seconds_since(start);
}

}  // namespace

UnitCosts unit_costs(const Architecture& model, const Dataset& data,
                     std::optional<double> graph_flops) {
  UnitCosts costs;
  costs.flops_per_token = kForwardAndBackward * token_flops(model, mean_length(data.train));
  costs.flops_per_scored_token = kForwardAndBackward * head_flops(model);
  for (const SampleStore& store : data.validation) {
    for (std::size_t i = 0; i < store.size(); ++i)
      costs.flops_per_evaluation += forward_flops(model, store[i]);
  }
  costs.graph_flops = graph_flops;
  return costs;
}

double sample_losses_flops(const Architecture& model, const Dataset& data, const Mixture& mixture,
                           double num_samples) {
  constexpr std::size_t kSamples = 64;
  double flops = 0;
  for (std::size_t skill = 0; skill < data.train.size(); ++skill) {
    const SampleStore& store = data.train[skill];
    const std::size_t looked_at = std::min(store.size(), kSamples);
    double sum = 0;
    for (std::size_t i = 0; i < looked_at; ++i) sum += forward_flops(model, store[i]);
    const double samples =
        std::min(mixture[skill] * num_samples, static_cast<double>(store.size()));
    if (looked_at > 0) flops += samples * sum / static_cast<double>(looked_at);
  }
  return flops;
}

StepCost measure_step(const Recipe& recipe, const Dataset& data, const Runtime& runtime) {
  std::vector<StepCost> costs(static_cast<std::size_t>(runtime.parallel));
  run_in_threads(costs.size(),
                 [&](std::size_t i) { costs[i] = measure_one(recipe, data, runtime); });
  StepCost mean = costs.front();
  for (std::size_t i = 1; i < costs.size(); ++i) {
    mean.train_seconds += costs[i].train_seconds;
    mean.evaluate_seconds += costs[i].evaluate_seconds;
  }
  mean.train_seconds /= static_cast<double>(costs.size());
  mean.evaluate_seconds /= static_cast<double>(costs.size());
  return mean;
}

double measure_steps_per_second(const Recipe& recipe, const Dataset& data, const Runtime& runtime,
                                int count, double seconds) {
  std::vector<double> rates(static_cast<std::size_t>(count));
  run_in_threads(rates.size(), [&](std::size_t i) {
    try {
      rates[i] = steps_per_second_of_one(recipe, data, runtime, seconds);
    } catch (const Error&) {  // Of a training that fails at once; it will say so itself.
    }
  });
  return std::accumulate(rates.begin(), rates.end(), 0.0);
}

RunsCost cost_of_runs(const StepCost& step, std::size_t runs, std::int64_t steps,
                      std::int64_t eval_every, const Runtime& runtime) {
  const auto num_runs = static_cast<double>(runs);
  const auto num_steps = static_cast<double>(steps);
  const double evaluations = 1 + std::ceil(num_steps / static_cast<double>(eval_every));
  const double rows = std::ceil(num_runs / runtime.parallel);  // Of runs side by side.
  return {num_runs * num_steps * step.tokens, num_runs * num_steps * step.flops,
          rows * (num_steps * step.train_seconds + evaluations * step.evaluate_seconds)};
}

}  // namespace skillit
