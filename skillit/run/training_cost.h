#pragma once

#include <cstdint>
#include <optional>

#include "skillit/nn/architecture.h"
#include "skillit/record/run_record.h"
#include "skillit/run/dataset.h"
#include "skillit/run/recipe.h"
#include "skillit/run/runtime.h"
#include "skillit/skill/mixture.h"

namespace skillit {

/// What a run of the recipe charges for each token and evaluation. Attention counts the mean length
/// of the first samples of each skill. `graph_flops` as in UnitCosts.
[[nodiscard]] UnitCosts unit_costs(const Architecture& model, const Dataset& data,
                                   std::optional<double> graph_flops);

/// What it takes to measure the losses of num_samples training samples, their skills in the shares
/// of `mixture`, from the mean length of the first samples of each skill.
[[nodiscard]] double sample_losses_flops(const Architecture& model, const Dataset& data,
                                         const Mixture& mixture, double num_samples);

/// What one step and one evaluation of a recipe take on this machine, measured with as many
/// trainings side by side as a study makes.
struct StepCost {
  double tokens = 0;            ///< Mean per step, without padding.
  double flops = 0;             ///< Per step: forward and backward products, counted.
  double train_seconds = 0;     ///< Per step and training.
  double evaluate_seconds = 0;  ///< Per evaluation and training.
};

/// Trains a throwaway model in each of runtime.parallel threads, for 20 steps or, after two, ten
/// seconds. @throws Error.
[[nodiscard]] StepCost measure_step(const Recipe& recipe, const Dataset& data,
                                    const Runtime& runtime);

/// Steps a second of `count` throwaway trainings side by side, all together, over about `seconds`
/// and one step of each at least.
[[nodiscard]] double measure_steps_per_second(const Recipe& recipe, const Dataset& data,
                                              const Runtime& runtime, int count, double seconds);

/// What a number of equal runs take.
struct RunsCost {
  double tokens = 0;
  double flops = 0;
  double seconds = 0;  ///< Of wall-clock time on this machine.
};
[[nodiscard]] RunsCost cost_of_runs(const StepCost& step, std::size_t runs, std::int64_t steps,
                                    std::int64_t eval_every, const Runtime& runtime);

}  // namespace skillit
