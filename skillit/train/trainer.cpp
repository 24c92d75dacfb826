#include "skillit/train/trainer.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>

#include "skillit/base/error.h"
#include "skillit/nn/cross_entropy.h"

namespace skillit {
namespace {

std::int64_t scored_in(std::span<const Batch> pieces) {
  std::int64_t count = 0;
  for (const Batch& piece : pieces) count += piece.num_scored();
  return count;
}

}  // namespace

Trainer::Trainer(Gpt& model, const OptimizerOptions& options, std::int64_t total_steps,
                 bool recompute)
    : model_(&model),
      options_(options),
      total_steps_(total_steps),
      recompute_(recompute),
      optimizer_(model.parameters(), options),
      gpu_step_([this](std::span<const Batch> pieces) { ask_for_step(pieces); }) {
  model.parameters().zero_gradient();
}

StepResult Trainer::step(std::span<const Batch> pieces) {
  StepResult result;
  result.learning_rate = learning_rate(options_, steps_done(), total_steps_);
  for (const Batch& piece : pieces) result.num_tokens += piece.num_tokens;
  result.num_scored = scored_in(pieces);
  SKILLIT_ASSERT(result.num_scored > 0);
  const bool on_gpu = model_->device().is_cuda();
  const Outcome outcome = on_gpu ? step_on_gpu(pieces, result.learning_rate)
                                 : step_on_cpu(pieces, result.learning_rate);
  result.loss = outcome.loss;
  result.gradient_norm = outcome.norm;
  if (!std::isfinite(result.loss) || !std::isfinite(result.gradient_norm)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("training: the loss is {} and its gradient's norm {} at step {} (learning "
                     "rate {:.3g}); lower optimizer.lr or raise optimizer.warmup",
                     std::abs(result.loss), std::abs(result.gradient_norm), steps_done() + 1,
                     result.learning_rate));
  }
  return result;
}

Trainer::Outcome Trainer::step_on_cpu(std::span<const Batch> pieces, double learning_rate) {
  const std::int64_t count = scored_in(pieces);
  double loss = 0;
  for (const Batch& piece : pieces) {
    if (piece.num_scored() > 0) loss += add_gradient(piece, count).item<double>();
  }
  if (std::isfinite(loss)) return {loss, optimizer_.step(learning_rate)};
  const double norm = model_->parameters().gradient_norm();
  model_->parameters().zero_gradient();
  return {loss, norm};
}

Trainer::Outcome Trainer::step_on_gpu(std::span<const Batch> pieces, double learning_rate) {
  const gpu::OwnStream stream(model_->device());
  optimizer_.prepare(learning_rate);
  gpu_step_.run(pieces);
  const gpu::StepOutcome outcome = optimizer_.finish();
  return {static_cast<double>(outcome.loss), static_cast<double>(outcome.norm)};
}

void Trainer::ask_for_step(std::span<const Batch> pieces) {
  const std::int64_t count = scored_in(pieces);
  auto loss = torch::zeros({}, model_->parameters().master().options());
  {
    const gpu::SideWork weight_gradients(model_->device());
    for (const Batch& piece : pieces) {
      if (piece.num_scored() > 0) loss.add_(add_gradient(piece, count));
    }
  }
  optimizer_.ask_for_update(loss);
}

torch::Tensor Trainer::add_gradient(const Batch& piece, std::int64_t count) {
  const auto hidden = model_->hidden(piece, recompute_);
  const auto loss =
      cross_entropy(hidden, model_->padded_head(), piece.targets, count, model_->vocabulary());
  loss.backward();
  return loss.detach();
}

}  // namespace skillit
