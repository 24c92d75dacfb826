#pragma once

#include <torch/types.h>

#include "skillit/nn/parameters.h"
#include "skillit/train/optimizer_options.h"

namespace skillit {

/// AdamW (Loshchilov & Hutter 2019) over a model's flat parameters: one fused pass for the decayed
/// part of the buffer, one for the rest. Moments are float32.
class AdamW {
 public:
  /// `parameters` must outlive the optimizer.
  AdamW(Parameters& parameters, const OptimizerOptions& options);

  /// Clips the gradient to the options' norm, updates the master weights and publishes them.
  /// @return the gradient's norm before clipping; when it is not finite, nothing was changed.
  double step(double learning_rate);

  /// State for a checkpoint: two flat float32 tensors and the number of steps made.
  [[nodiscard]] torch::Tensor& first_moment() { return first_; }
  [[nodiscard]] torch::Tensor& second_moment() { return second_; }
  [[nodiscard]] std::int64_t num_steps() const { return num_steps_; }
  void set_num_steps(std::int64_t steps) { num_steps_ = steps; }

 private:
  void update(std::int64_t begin, std::int64_t count, double learning_rate, double weight_decay,
              const torch::Tensor& gradient);

  Parameters* parameters_;
  OptimizerOptions options_;
  torch::Tensor first_;
  torch::Tensor second_;
  std::int64_t num_steps_ = 0;
};

}  // namespace skillit
