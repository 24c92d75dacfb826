#pragma once

#include <torch/types.h>

#include "skillit/nn/adamw_factors.h"
#include "skillit/nn/gpu_step_outcome.h"
#include "skillit/nn/parameters.h"
#include "skillit/train/optimizer_options.h"

namespace skillit {

/// AdamW (Loshchilov & Hutter 2019) over a model's flat parameters, with moments in float32: the
/// gradient is read for its norm, then everything is done in one pass.
class AdamW {
 public:
  /// `parameters` must outlive the optimizer.
  AdamW(Parameters& parameters, const OptimizerOptions& options);

  /// Clips the gradient to the options' norm, updates the master weights, publishes them and
  /// leaves a gradient of 0, so that backward passes may add to it before the next step.
  /// @return the gradient's norm before clipping; when it is not finite, weights and moments are
  /// as before, and the step does not count.
  double step(double learning_rate);

  // On a GPU a step in three parts, so that the one in the middle waits for nothing and can be
  // recorded (gpu::Graph) with the passes over the model before it.
  /// Sends the next step's factors.
  void prepare(double learning_rate);
  /// Asks for all that step() does, unless `loss` (float32, one number) is not finite.
  void ask_for_update(const torch::Tensor& loss);
  /// Waits. A step whose loss or norm is not finite does not count.
  gpu::StepOutcome finish();

  /// State for a checkpoint: two flat float32 tensors and the number of steps made.
  [[nodiscard]] torch::Tensor& first_moment() { return first_; }
  [[nodiscard]] torch::Tensor& second_moment() { return second_; }
  [[nodiscard]] std::int64_t num_steps() const { return num_steps_; }
  void set_num_steps(std::int64_t steps) { num_steps_ = steps; }

 private:
  /// Of the first `num_decayed` weights and of the others.
  static constexpr std::int64_t kParts = 2;
  /// Those of step `t`; with the gradient as it is.
  [[nodiscard]] AdamWFactors factors(std::int64_t t, double learning_rate,
                                     double weight_decay) const;
  [[nodiscard]] double decay_of(std::int64_t part) const {
    return part == 0 ? options_.weight_decay : 0;
  }

  Parameters* parameters_;
  OptimizerOptions options_;
  torch::Tensor first_;
  torch::Tensor second_;
  std::int64_t num_steps_ = 0;
  // On a GPU.
  torch::Tensor host_factors_;  ///< [kParts, 9], in memory that the GPU reads by itself.
  torch::Tensor factors_;       ///< The same on the GPU.
  torch::Tensor sums_;
  torch::Tensor outcome_;
};

}  // namespace skillit
