#include "skillit/nn/attention.h"

#include <torch/torch.h>

#include <numbers>

namespace skillit {
namespace {

/// Turning has a simple gradient (turn back), where the chain rule over slices, products and a cat
/// would make a dozen copies.
class Rotation : public torch::autograd::Function<Rotation> {
 public:
  static torch::Tensor turn(const torch::Tensor& x, const torch::Tensor& cosine,
                            const torch::Tensor& sine) {
    const std::int64_t half = cosine.size(-1);
    auto out = torch::empty(x.sizes(), x.options());
    const auto first = x.narrow(-1, 0, half);
    const auto second = x.narrow(-1, half, half);
    auto out_first = out.narrow(-1, 0, half);
    auto out_second = out.narrow(-1, half, half);
    torch::mul_out(out_first, first, cosine).addcmul_(second, sine, -1);
    torch::mul_out(out_second, second, cosine).addcmul_(first, sine);
    const std::int64_t rest = x.size(-1) - 2 * half;
    if (rest > 0) out.narrow(-1, 2 * half, rest).copy_(x.narrow(-1, 2 * half, rest));
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

/// As Llama 3.1 stretches its context: long wavelengths are scaled, short ones are not, and between
/// the two bounds the share of the unscaled frequency rises with original_context / wavelength.
torch::Tensor stretch_long_waves(const torch::Tensor& frequency, const RotaryShape& shape) {
  const auto turns = frequency * (shape.original_context / (2 * std::numbers::pi));
  const auto unscaled =
      ((turns - shape.low_frequency) / (shape.high_frequency - shape.low_frequency)).clamp(0, 1);
  return frequency * unscaled + frequency / shape.factor * (1 - unscaled);
}

/// Each key and value head once for every query head that reads it.
torch::Tensor repeat_heads(const torch::Tensor& x, std::int64_t heads) {
  const std::int64_t repeats = heads / x.size(1);
  return repeats == 1 ? x : x.repeat_interleave(repeats, 1);
}

}  // namespace

Rotary make_rotary(const RotaryShape& shape, std::int64_t rows, torch::Device device,
                   torch::ScalarType type) {
  if (shape.dims == 0) return {};
  const std::int64_t half = shape.dims / 2;
  auto frequency =
      torch::pow(shape.theta, torch::arange(half, torch::kFloat64) / -static_cast<double>(half));
  if (shape.scaling == RotaryScaling::kLinear) frequency = frequency / shape.factor;
  if (shape.scaling == RotaryScaling::kLlama3) frequency = stretch_long_waves(frequency, shape);
  const auto angle = torch::outer(torch::arange(rows, torch::kFloat64), frequency);
  return {angle.cos().to(device, type), angle.sin().to(device, type)};
}

torch::Tensor rotate(const torch::Tensor& x, const torch::Tensor& cosine,
                     const torch::Tensor& sine) {
  return Rotation::apply(x, cosine, sine);
}

torch::Tensor visible_keys(const torch::Tensor& places, std::int64_t length, std::int64_t window,
                           const torch::Tensor& starts) {
  const auto keys = torch::arange(length, places.options());
  const auto queries = places.unsqueeze(-1);
  torch::Tensor visible = keys <= queries;
  if (window > 0) visible = visible.logical_and(keys > queries - window);
  if (starts.defined()) visible = visible.logical_and(keys >= starts.unsqueeze(-1));
  return visible;
}

torch::Tensor attend(const Heads& heads, double scale, const torch::Tensor& visible) {
  const std::int64_t count = heads.queries.size(1);
  const auto mask = visible.defined() ? std::optional(visible) : std::nullopt;
  const auto mixed = torch::scaled_dot_product_attention(
      heads.queries, repeat_heads(heads.keys, count), repeat_heads(heads.values, count), mask, 0.0,
      /*is_causal=*/!visible.defined(), scale);
  return mixed.transpose(1, 2).flatten(2);
}

}  // namespace skillit
