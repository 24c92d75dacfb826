#include "skillit/train/trainer.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>

#include "skillit/base/error.h"
#include "skillit/nn/cross_entropy.h"

namespace skillit {

Trainer::Trainer(Gpt& model, const OptimizerOptions& options, std::int64_t total_steps,
                 bool recompute)
    : model_(&model),
      options_(options),
      total_steps_(total_steps),
      recompute_(recompute),
      optimizer_(model.parameters(), options) {
  model.parameters().zero_gradient();
}

StepResult Trainer::step(std::span<const Batch> pieces) {
  StepResult result;
  result.learning_rate = learning_rate(options_, steps_done(), total_steps_);
  for (const Batch& piece : pieces) {
    result.num_tokens += piece.num_tokens;
    result.num_scored += piece.num_scored();
  }
  SKILLIT_ASSERT(result.num_scored > 0);
  for (const Batch& piece : pieces) result.loss += add_gradient(piece, result.num_scored);
  if (std::isfinite(result.loss)) {
    result.gradient_norm = optimizer_.step(result.learning_rate);
  } else {
    result.gradient_norm = model_->parameters().gradient_norm();
    model_->parameters().zero_gradient();
  }
  if (!std::isfinite(result.loss) || !std::isfinite(result.gradient_norm)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("training: the loss is {} and its gradient's norm {} at step {} (learning "
                     "rate {:.3g}); lower optimizer.lr or raise optimizer.warmup",
                     std::abs(result.loss), std::abs(result.gradient_norm), steps_done() + 1,
                     result.learning_rate));
  }
  return result;
}

double Trainer::add_gradient(const Batch& piece, std::int64_t count) {
  if (piece.num_scored() == 0) return 0;
  const auto hidden = model_->hidden(piece, recompute_);
  const auto loss = cross_entropy(hidden, model_->head(), piece.targets, count);
  loss.backward();
  return loss.item<double>();
}

}  // namespace skillit
