#include "skillit/nn/weight.h"

#include <torch/torch.h>

#include <tuple>
#include <vector>

#include "skillit/nn/gpu_kernels.h"
#include "skillit/nn/gpu_product.h"
#include "skillit/nn/product.h"

namespace skillit {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

torch::Tensor value_of(const std::optional<Weight>& weight) {
  return weight ? weight->value : torch::Tensor();
}
torch::Tensor gradient_of(const std::optional<Weight>& weight) {
  return weight ? weight->gradient : torch::Tensor();
}
/// [rows, columns] in one piece.
torch::Tensor rows_of(const torch::Tensor& x) {
  return x.flatten(0, -2).contiguous();
}
/// The rows as they were: those of `like`, which have another width.
torch::Tensor shaped(const torch::Tensor& rows, const torch::Tensor& like) {
  auto sizes = like.sizes().vec();
  sizes.back() = rows.size(1);
  return rows.view(sizes);
}
class Linear : public torch::autograd::Function<Linear> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x,
                               const Weight& weight, const std::optional<Weight>& bias,
                               const std::optional<torch::Tensor>& added) {
    const auto rows = rows_of(x);
    context->save_for_backward({rows, weight.value.detach()});
    context->saved_data["gradients"] =
        std::vector<torch::Tensor>{weight.gradient, gradient_of(bias)};
    context->saved_data["added"] = added.has_value();
    return shaped(
        product(rows, weight.value, value_of(bias), added ? rows_of(*added) : torch::Tensor()), x);
  }
  static variable_list backward(AutogradContext* context, variable_list outer) {
    const auto saved = context->get_saved_variables();
    const auto gradients = context->saved_data["gradients"].toTensorVector();
    const auto slopes = rows_of(outer[0]);
    add_weight_gradient(slopes, saved[0], gradients[0], gradients[1]);
    const bool added = context->saved_data["added"].toBool();
    return {shaped(product_back(slopes, saved[1]), outer[0]), torch::Tensor(), torch::Tensor(),
            added ? outer[0] : torch::Tensor()};
  }
};

class FeedForward : public torch::autograd::Function<FeedForward> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x,
                               const FeedForwardWeights& w, bool tanh, const torch::Tensor& added) {
    const auto rows = rows_of(x);
    const auto slopes = torch::empty({rows.size(0), w.in.value.size(0)}, x.options());
    const auto inner = gelu_of_product(rows, w.in.value, value_of(w.in_bias), tanh, slopes);
    context->save_for_backward({rows, inner, slopes, w.in.value.detach(), w.out.value.detach()});
    context->saved_data["gradients"] = std::vector<torch::Tensor>{
        w.in.gradient, gradient_of(w.in_bias), w.out.gradient, gradient_of(w.out_bias)};
    return shaped(product(inner, w.out.value, value_of(w.out_bias), rows_of(added)), x);
  }
  static variable_list backward(AutogradContext* context, variable_list outer) {
    const auto saved = context->get_saved_variables();
    const auto& [x, inner, gelu_slopes] = std::tie(saved[0], saved[1], saved[2]);
    const auto gradients = context->saved_data["gradients"].toTensorVector();
    const auto out_slopes = rows_of(outer[0]);
    add_weight_gradient(out_slopes, inner, gradients[2], gradients[3]);
    const auto in_slopes = product_back(out_slopes, saved[4], gelu_slopes);
    add_weight_gradient(in_slopes, x, gradients[0], gradients[1]);
    return {shaped(product_back(in_slopes, saved[3]), outer[0]), torch::Tensor(), torch::Tensor(),
            outer[0]};
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
    } else if (gradient.is_cpu() && gradient.scalar_type() == torch::kBFloat16) {
      add_rounded_rows(gradient, tokens.contiguous(), outer[0].contiguous());
    } else if (gpu::can_add_rows(tokens, gradient)) {
      gpu::add_rows(tokens.contiguous(), outer[0].contiguous(), gradient);
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

  /// All rows of a token in float32 first, so that a frequent token's sum is rounded once.
  static void add_rounded_rows(torch::Tensor& gradient, const torch::Tensor& tokens,
                               const torch::Tensor& slopes) {
    const auto [own, places, counts] =
        torch::_unique2(tokens, /*sorted=*/true, /*return_inverse=*/true);
    auto sums = gradient.index_select(0, own).to(torch::kFloat32);
    add_rows(sums, places.contiguous(), slopes.to(torch::kFloat32));
    gradient.index_copy_(0, own, sums.to(gradient.scalar_type()));
  }
};

}  // namespace

torch::Tensor linear(const torch::Tensor& x, const Weight& weight,
                     const std::optional<Weight>& bias, const torch::Tensor& added) {
  return Linear::apply(x, weight, bias, added.defined() ? std::optional(added) : std::nullopt);
}

bool has_feed_forward(const torch::Tensor& x, const torch::Tensor& in_weight) {
  return x.is_cpu() || gpu::can_multiply(x, in_weight);
}

torch::Tensor feed_forward(const torch::Tensor& x, const FeedForwardWeights& weights, bool tanh,
                           const torch::Tensor& added) {
  if (torch::GradMode::is_enabled()) return FeedForward::apply(x, weights, tanh, added);
  const auto inner =
      gelu_of_product(rows_of(x), weights.in.value, value_of(weights.in_bias), tanh, {});
  return shaped(product(inner, weights.out.value, value_of(weights.out_bias), rows_of(added)), x);
}

torch::Tensor embedding(const Weight& table, const torch::Tensor& tokens) {
  return Embedding::apply(table.value, table.gradient, tokens);
}

}  // namespace skillit
