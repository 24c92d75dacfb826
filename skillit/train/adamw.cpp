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
  auto gradient = parameters_->gradient().to(torch::kFloat32);
  const double norm = gradient.norm().item<double>();
  if (!std::isfinite(norm)) return norm;
  if (options_.clip > 0 && norm > options_.clip) gradient.mul_(options_.clip / norm);
  ++num_steps_;
  const std::int64_t decayed = parameters_->num_decayed();
  update(0, decayed, learning_rate, options_.weight_decay, gradient);
  update(decayed, parameters_->size() - decayed, learning_rate, 0, gradient);
  parameters_->publish();
  return norm;
}

void AdamW::update(std::int64_t begin, std::int64_t count, double learning_rate,
                   double weight_decay, const torch::Tensor& gradient) {
  if (count == 0) return;
  const auto part = [&](const torch::Tensor& whole) {
    return std::vector<torch::Tensor>{whole.narrow(0, begin, count)};
  };
  const auto step = torch::tensor(static_cast<float>(num_steps_), gradient.options());
  auto weights = part(parameters_->master());
  auto gradients = part(gradient);
  auto first = part(first_);
  auto second = part(second_);
  at::_fused_adamw_(weights, gradients, first, second, /*max_exp_avg_sqs=*/{}, {step},
                    learning_rate, options_.beta1, options_.beta2, weight_decay, options_.epsilon,
                    /*amsgrad=*/false, /*maximize=*/false);
}

}  // namespace skillit
