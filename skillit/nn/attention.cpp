#include "skillit/nn/attention.h"

#include <torch/torch.h>

namespace skillit {
namespace {

/// Turning has a simple gradient (turn back), where the chain rule over slices, products and a cat
/// would make a dozen copies.
class Rotation : public torch::autograd::Function<Rotation> {
 public:
  static torch::Tensor turn(const torch::Tensor& x, const torch::Tensor& cosine,
                            const torch::Tensor& sine) {
    const std::int64_t half = x.size(-1) / 2;
    auto out = torch::empty(x.sizes(), x.options());
    const auto first = x.narrow(-1, 0, half);
    const auto second = x.narrow(-1, half, half);
    auto out_first = out.narrow(-1, 0, half);
    auto out_second = out.narrow(-1, half, half);
    torch::mul_out(out_first, first, cosine).addcmul_(second, sine, -1);
    torch::mul_out(out_second, second, cosine).addcmul_(first, sine);
    return out;
  }
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& cosine, const torch::Tensor& sine) {
    context->save_for_backward({cosine, sine});
    return turn(x, cosine, sine);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outer) {
    const auto saved = context->get_saved_variables();
    return {turn(outer[0], saved[0], -saved[1]), {}, {}};
  }
};

}  // namespace

torch::Tensor rotate(const torch::Tensor& x, const torch::Tensor& cosine,
                     const torch::Tensor& sine) {
  return Rotation::apply(x, cosine, sine);
}

torch::Tensor causal_attention(const torch::Tensor& qkv, std::int64_t heads, const Rotary& rotary) {
  const std::int64_t length = qkv.size(1);
  // [B, T, 3C] -> queries, keys, values, each [B, H, T, D].
  const auto parts =
      qkv.view({qkv.size(0), length, 3, heads, -1}).permute({2, 0, 3, 1, 4}).unbind(0);
  torch::Tensor queries = parts[0];
  torch::Tensor keys = parts[1];
  if (rotary.cosine.defined()) {
    const auto cosine = rotary.cosine.narrow(0, 0, length);
    const auto sine = rotary.sine.narrow(0, 0, length);
    queries = rotate(queries, cosine, sine);
    keys = rotate(keys, cosine, sine);
  }
  const auto mixed =
      torch::scaled_dot_product_attention(queries, keys, parts[2], {}, 0.0, /*is_causal=*/true);
  return mixed.transpose(1, 2).flatten(2);
}

}  // namespace skillit
