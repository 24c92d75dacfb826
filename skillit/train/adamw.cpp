#include "skillit/train/adamw.h"

#include <torch/torch.h>

#include <array>
#include <cmath>
#include <cstring>

#include "skillit/nn/gpu_kernels.h"

namespace skillit {
namespace {

constexpr std::int64_t kFactors = sizeof(AdamWFactors) / sizeof(float);

}  // namespace

AdamW::AdamW(Parameters& parameters, const OptimizerOptions& options)
    : parameters_(&parameters),
      options_(options),
      first_(torch::zeros_like(parameters.master())),
      second_(torch::zeros_like(parameters.master())) {
  if (!first_.is_cuda()) return;
  const auto floats = first_.options();
  host_factors_ = torch::empty({kParts, kFactors}, torch::kFloat32).pin_memory();
  factors_ = torch::empty({kParts, kFactors}, floats);
  sums_ = torch::empty({gpu::kSumParts}, floats.dtype(torch::kFloat64));
  outcome_ = torch::empty({sizeof(gpu::StepOutcome) / sizeof(float)}, floats);
}

AdamWFactors AdamW::factors(std::int64_t t, double learning_rate, double weight_decay) const {
  const auto steps = static_cast<double>(t);
  return {1,
          static_cast<float>(1 - learning_rate * weight_decay),
          static_cast<float>(options_.beta1),
          static_cast<float>(1 - options_.beta1),
          static_cast<float>(options_.beta2),
          static_cast<float>(1 - options_.beta2),
          static_cast<float>(learning_rate / (1 - std::pow(options_.beta1, steps))),
          static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, steps))),
          static_cast<float>(options_.epsilon)};
}

double AdamW::step(double learning_rate) {
  const torch::NoGradGuard no_gradient;
  if (first_.is_cuda()) {
    prepare(learning_rate);
    ask_for_update(torch::zeros({}, first_.options()));
    return static_cast<double>(finish().norm);
  }
  const double norm = parameters_->gradient_norm();
  if (!std::isfinite(norm)) {
    parameters_->zero_gradient();
    return norm;
  }
  ++num_steps_;
  const double scale = options_.clip > 0 && norm > options_.clip ? options_.clip / norm : 1;
  const std::int64_t decayed = parameters_->num_decayed();
  for (std::int64_t part = 0; part < kParts; ++part) {
    AdamWFactors own = factors(num_steps_, learning_rate, decay_of(part));
    own.gradient = static_cast<float>(scale);
    const std::int64_t begin = part == 0 ? 0 : decayed;
    const std::int64_t end = part == 0 ? decayed : parameters_->size();
    parameters_->update(begin, end - begin, own, first_, second_);
  }
  return norm;
}

void AdamW::prepare(double learning_rate) {
  for (std::int64_t part = 0; part < kParts; ++part) {
    const AdamWFactors own = factors(num_steps_ + 1, learning_rate, decay_of(part));
    std::memcpy(host_factors_.data_ptr<float>() + part * kFactors, &own, sizeof own);
  }
  factors_.copy_(host_factors_, /*non_blocking=*/true);  // Not written again before finish().
}

void AdamW::ask_for_update(const torch::Tensor& loss) {
  const torch::NoGradGuard no_gradient;
  gpu::measure_gradient(parameters_->gradient(), loss, options_.clip, sums_, outcome_);
  const std::int64_t decayed = parameters_->num_decayed();
  gpu::adamw(parameters_->buffers(first_, second_, 0, decayed), factors_[0], outcome_);
  gpu::adamw(parameters_->buffers(first_, second_, decayed, parameters_->size() - decayed),
             factors_[1], outcome_);
}

gpu::StepOutcome AdamW::finish() {
  const auto on_host = outcome_.cpu();
  gpu::StepOutcome outcome{};
  std::memcpy(&outcome, on_host.data_ptr<float>(), sizeof outcome);
  if (outcome.scale > 0) ++num_steps_;
  return outcome;
}

}  // namespace skillit
