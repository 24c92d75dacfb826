#pragma once

#include <cstdint>

#include "skillit/nn/architecture.h"
#include "skillit/run/dataset.h"
#include "skillit/run/recipe.h"
#include "skillit/run/runtime.h"

namespace skillit {

/// What one training gets of a machine: measured, or given for a machine that is not here.
struct MachineRates {
  double products = 0;   ///< FLOP/s of matrix products of the model's size in its compute type.
  double memory = 0;     ///< Bytes/s of elementwise operations, read and written together.
  double operation = 0;  ///< Seconds that an operation takes however small it is.
};

/// A batch as the model computes it.
struct BatchShape {
  double sequences = 0;
  double length = 0;  ///< Computed tokens of each: of the longest, up to its last scored one.
  double scored = 0;  ///< Of a sequence, mean.
  double tokens = 0;  ///< Of the whole batch, without padding.
  double pieces = 1;  ///< That go forwards and backwards one after another; the last may be a part.
  bool recompute = false;  ///< As in Gpt::hidden().
};
/// Means over batches of the first samples of each skill. @throws Error kBadArgument without any.
[[nodiscard]] BatchShape batch_shape(const Recipe& recipe, const Dataset& data);

/// From products of the model's shapes and sums of the size of its activations, in a second. Of
/// trainings side by side each is measured while the others run.
[[nodiscard]] MachineRates measure_rates(const Architecture& model, const BatchShape& batch,
                                         const Runtime& runtime);

struct StepPrediction {
  double product_seconds = 0;    ///< Of a step.
  double attention_seconds = 0;  ///< Its products are small ones: at a fraction of the rate.
  double memory_seconds = 0;     ///< Elementwise operations and the optimizer.
  double other_seconds = 0;      ///< Operations, however small.
  double bytes = 0;              ///< As predict_bytes().

  [[nodiscard]] double seconds() const {
    return product_seconds + attention_seconds + memory_seconds + other_seconds;
  }
};
/// What the program takes of memory, once for all trainings: torch and the data of a small recipe.
inline constexpr double kProgramBytes = 0.17e9;

/// Bytes of memory of one training at the most, with the program and a checkpoint.
[[nodiscard]] double predict_bytes(const Architecture& model, const BatchShape& batch, bool bf16);

/// What a training step takes by counting: products at their rate, passes over memory at theirs.
/// docs/speed.md has how far off it is.
[[nodiscard]] StepPrediction predict_step(const Architecture& model, const BatchShape& batch,
                                          bool bf16, bool gpu, const MachineRates& rates);

}  // namespace skillit
