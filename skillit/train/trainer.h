#pragma once

#include <cstdint>
#include <span>

#include "skillit/nn/gpt.h"
#include "skillit/train/adamw.h"
#include "skillit/train/gpu_step.h"

namespace skillit {

struct StepResult {
  double loss = 0;           ///< Mean over the batch's scored tokens, nats.
  double gradient_norm = 0;  ///< Before clipping.
  double learning_rate = 0;
  std::int64_t num_tokens = 0;
  std::int64_t num_scored = 0;
};

/// A model with its optimizer and schedule: one call, one step. Knows nothing of skills, mixtures
/// or selection. Stays where it is.
class Trainer {
 public:
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// `model` must outlive the trainer; the schedule ends at `total_steps`. `recompute` as in
  /// Gpt::hidden(): less memory, more time, the same bits.
  Trainer(Gpt& model, const OptimizerOptions& options, std::int64_t total_steps,
          bool recompute = false);

  /// @throws Error kBadArgument when the loss or the gradient is not finite (says the step and the
  /// learning rate); the weights are then as before the step.
  StepResult step(const Batch& batch) { return step({&batch, 1}); }
  /// The same for a batch in pieces, each of which goes forwards and backwards by itself. The loss
  /// and its gradient are those of the mean over all scored tokens of all pieces.
  StepResult step(std::span<const Batch> pieces);

  [[nodiscard]] std::int64_t steps_done() const { return optimizer_.num_steps(); }
  [[nodiscard]] AdamW& optimizer() { return optimizer_; }

 private:
  struct Outcome {
    double loss;
    double norm;  ///< Of the gradient, before clipping.
  };
  /// Adds the gradient of the piece's part of a mean over `count` tokens. @return that part.
  [[nodiscard]] torch::Tensor add_gradient(const Batch& piece, std::int64_t count);
  Outcome step_on_cpu(std::span<const Batch> pieces, double learning_rate);
  Outcome step_on_gpu(std::span<const Batch> pieces, double learning_rate);
  /// As gpu_step_ needs it.
  void ask_for_step(std::span<const Batch> pieces);

  Gpt* model_;
  OptimizerOptions options_;
  std::int64_t total_steps_;
  bool recompute_;
  AdamW optimizer_;
  GpuStep gpu_step_;
};

}  // namespace skillit
