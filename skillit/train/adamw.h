#pragma once

#include <torch/types.h>

#include "skillit/nn/parameters.h"
#include "skillit/train/optimizer_options.h"

namespace skillit {

/// AdamW (Loshchilov & Hutter 2019) over a model's flat parameters, with moments in float32: the
/// gradient is read for its norm, then everything is done in one pass (on a GPU by torch's fused
/// operation and three more).
class AdamW {
 public:
  /// `parameters` must outlive the optimizer.
  AdamW(Parameters& parameters, const OptimizerOptions& options);

  /// Clips the gradient to the options' norm, updates the master weights, publishes them and
  /// leaves a gradient of 0, so that backward passes may add to it before the next step.
  /// @return the gradient's norm before clipping; when it is not finite, weights and moments are
  /// as before, and the step does not count.
  double step(double learning_rate);

  /// State for a checkpoint: two flat float32 tensors and the number of steps made.
  [[nodiscard]] torch::Tensor& first_moment() { return first_; }
  [[nodiscard]] torch::Tensor& second_moment() { return second_; }
  [[nodiscard]] std::int64_t num_steps() const { return num_steps_; }
  void set_num_steps(std::int64_t steps) { num_steps_ = steps; }

 private:
  void update_on_cpu(double learning_rate, double scale);
  void update_on_gpu(double learning_rate, double scale);

  Parameters* parameters_;
  OptimizerOptions options_;
  torch::Tensor first_;
  torch::Tensor second_;
  std::int64_t num_steps_ = 0;
};

}  // namespace skillit
