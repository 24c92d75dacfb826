#include "skillit/train/trainer.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>

#include "skillit/base/error.h"
#include "skillit/nn/cross_entropy.h"

namespace skillit {

Trainer::Trainer(Gpt& model, const OptimizerOptions& options, std::int64_t total_steps)
    : model_(&model),
      options_(options),
      total_steps_(total_steps),
      optimizer_(model.parameters(), options) {
  model.parameters().zero_gradient();
}

StepResult Trainer::step(const Batch& batch) {
  StepResult result;
  result.learning_rate = learning_rate(options_, steps_done(), total_steps_);
  result.num_tokens = batch.num_tokens;
  result.num_scored = batch.num_scored();
  const auto loss = cross_entropy(model_->hidden(batch), model_->head(), batch.targets);
  loss.backward();
  result.loss = loss.item<double>();
  result.gradient_norm = optimizer_.step(result.learning_rate);
  if (!std::isfinite(result.loss) || !std::isfinite(result.gradient_norm)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("training: the loss is {} and its gradient's norm {} at step {} (learning "
                     "rate {:.3g}); lower optimizer.lr or raise optimizer.warmup",
                     std::abs(result.loss), std::abs(result.gradient_norm), steps_done() + 1,
                     result.learning_rate));
  }
  return result;
}

}  // namespace skillit
