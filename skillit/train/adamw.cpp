#include "skillit/train/adamw.h"

#include <torch/torch.h>

#include <cmath>

namespace skillit {

AdamW::AdamW(Parameters& parameters, const OptimizerOptions& options)
    : parameters_(&parameters),
      options_(options),
      first_(torch::zeros_like(parameters.master())),
      second_(torch::zeros_like(parameters.master())) {}

double AdamW::step(double learning_rate) {
  const torch::NoGradGuard no_gradient;
  const double norm = parameters_->gradient_norm();
  if (!std::isfinite(norm)) {
    parameters_->zero_gradient();
    return norm;
  }
  ++num_steps_;
  const double scale = options_.clip > 0 && norm > options_.clip ? options_.clip / norm : 1;
  if (parameters_->master().is_cpu())
    update_on_cpu(learning_rate, scale);
  else
    update_on_gpu(learning_rate, scale);
  return norm;
}

void AdamW::update_on_cpu(double learning_rate, double scale) {
  const auto update = [&](std::int64_t begin, std::int64_t end, double weight_decay) {
    const auto t = static_cast<double>(num_steps_);
    const AdamWFactors factors{
        static_cast<float>(scale),
        static_cast<float>(1 - learning_rate * weight_decay),
        static_cast<float>(options_.beta1),
        static_cast<float>(1 - options_.beta1),
        static_cast<float>(options_.beta2),
        static_cast<float>(1 - options_.beta2),
        static_cast<float>(learning_rate / (1 - std::pow(options_.beta1, t))),
        static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, t))),
        static_cast<float>(options_.epsilon)};
    parameters_->update(begin, end - begin, factors, first_, second_);
  };
  update(0, parameters_->num_decayed(), options_.weight_decay);
  update(parameters_->num_decayed(), parameters_->size(), 0);
}

void AdamW::update_on_gpu(double learning_rate, double scale) {
  auto gradient = parameters_->gradient().to(torch::kFloat32);
  if (scale < 1) gradient.mul_(scale);
  const auto step = torch::tensor(static_cast<float>(num_steps_), gradient.options());
  const auto update = [&](std::int64_t begin, std::int64_t end, double weight_decay) {
    if (begin == end) return;
    const auto part = [&](const torch::Tensor& whole) {
      return std::vector<torch::Tensor>{whole.narrow(0, begin, end - begin)};
    };
    auto weights = part(parameters_->master());
    auto gradients = part(gradient);
    auto first = part(first_);
    auto second = part(second_);
    at::_fused_adamw_(weights, gradients, first, second, /*max_exp_avg_sqs=*/{}, {step},
                      learning_rate, options_.beta1, options_.beta2, weight_decay, options_.epsilon,
                      /*amsgrad=*/false, /*maximize=*/false);
  };
  update(0, parameters_->num_decayed(), options_.weight_decay);
  update(parameters_->num_decayed(), parameters_->size(), 0);
  parameters_->publish();
  parameters_->zero_gradient();
}

}  // namespace skillit
