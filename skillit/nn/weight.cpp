#include "skillit/nn/weight.h"

#include <torch/torch.h>

namespace skillit {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class Linear : public torch::autograd::Function<Linear> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x,
                               const Weight& weight, const std::optional<Weight>& bias) {
    context->save_for_backward({x, weight.value.detach()});
    context->saved_data["weight"] = weight.gradient;
    if (bias) context->saved_data["bias"] = bias->gradient;
    return torch::linear(x, weight.value,
                         bias ? std::optional<torch::Tensor>(bias->value) : std::nullopt);
  }
  static variable_list backward(AutogradContext* context, variable_list outer) {
    const auto saved = context->get_saved_variables();
    const auto slopes = outer[0].flatten(0, -2);
    auto weight_gradient = context->saved_data["weight"].toTensor();
    weight_gradient.addmm_(slopes.t(), saved[0].flatten(0, -2));
    const auto bias = context->saved_data.find("bias");
    if (bias != context->saved_data.end()) bias->second.toTensor().add_(slopes.sum(0));
    return {torch::matmul(outer[0], saved[1]), torch::Tensor(), torch::Tensor()};
  }
};

class Embedding : public torch::autograd::Function<Embedding> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& table,
                               const torch::Tensor& gradient, const torch::Tensor& tokens) {
    context->save_for_backward({tokens});
    context->saved_data["gradient"] = gradient;
    return torch::embedding(table, tokens);
  }
  static variable_list backward(AutogradContext* context, variable_list outer) {
    auto gradient = context->saved_data["gradient"].toTensor();
    const auto tokens = context->get_saved_variables()[0];
    if (gradient.is_cpu() && gradient.scalar_type() == torch::kFloat32) {
      add_rows(gradient, tokens.contiguous(), outer[0].contiguous());
    } else {  // Not index_add_, whose sums on a GPU come in any order.
      gradient.add_(torch::embedding_dense_backward(outer[0], tokens, gradient.size(0),
                                                    /*padding_idx=*/-1,
                                                    /*scale_grad_by_freq=*/false));
    }
    return {torch::Tensor(), torch::Tensor(), torch::Tensor()};
  }

 private:
  /// In the order of the tokens, so that the sums do not depend on threads.
  static void add_rows(torch::Tensor& gradient, const torch::Tensor& tokens,
                       const torch::Tensor& slopes) {
    const std::int64_t width = gradient.size(1);
    const std::int64_t* const token = tokens.data_ptr<std::int64_t>();
    const float* from = slopes.data_ptr<float>();
    for (std::int64_t i = 0; i < tokens.numel(); ++i, from += width) {
      float* const to = gradient.data_ptr<float>() + token[i] * width;
      for (std::int64_t e = 0; e < width; ++e) to[e] += from[e];
    }
  }
};

}  // namespace

torch::Tensor linear(const torch::Tensor& x, const Weight& weight,
                     const std::optional<Weight>& bias) {
  return Linear::apply(x, weight, bias);
}

torch::Tensor embedding(const Weight& table, const torch::Tensor& tokens) {
  return Embedding::apply(table.value, table.gradient, tokens);
}

}  // namespace skillit
