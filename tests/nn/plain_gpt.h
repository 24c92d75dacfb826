#pragma once

#include <torch/torch.h>

#include <cmath>
#include <string>
#include <vector>

#include "skillit/nn/gpt.h"

namespace skillit {

/// The model of an Architecture written down once more: one sequence and one head at a time, in
/// float64, with plain products and a softmax.
class PlainGpt {
 public:
  explicit PlainGpt(const Gpt& model) : model_(model), a_(model.architecture()) {}

  /// [T] int64 -> [T, V].
  torch::Tensor logits(const torch::Tensor& tokens) const {
    const std::int64_t length = tokens.size(0);
    torch::Tensor x = w("embedding").index_select(0, tokens);
    if (a_.learned_positions) x = x + w("positions").slice(0, 0, length);
    for (std::int64_t layer = 0; layer < a_.layers; ++layer) {
      const std::string prefix = "blocks." + std::to_string(layer) + ".";
      const auto attended = x + attention(norm(x, prefix + "norm_1"), prefix, layer);
      x = attended + mlp(norm(a_.parallel ? x : attended, prefix + "norm_2"), prefix);
    }
    return norm(x, "final_norm").matmul(w(a_.tied_head ? "embedding" : "head.weight").t());
  }

 private:
  torch::Tensor w(const std::string& name) const {
    return model_.parameters()[name].detach().to(torch::kFloat64);
  }
  torch::Tensor norm(const torch::Tensor& x, const std::string& name) const {
    if (a_.norm == NormKind::kRms) return rms(x, name);
    const auto centered = x - x.mean(-1, true);
    return centered / (centered.pow(2).mean(-1, true) + a_.epsilon).sqrt() * w(name + ".weight") +
           w(name + ".bias");
  }
  torch::Tensor rms(const torch::Tensor& x, const std::string& name) const {
    return x / (x.pow(2).mean(-1, true) + a_.epsilon).sqrt() * w(name + ".weight");
  }
  torch::Tensor linear(const torch::Tensor& x, const std::string& name, bool bias) const {
    const auto y = x.matmul(w(name + ".weight").t());
    return bias ? y + w(name + ".bias") : y;
  }
  double frequency(std::int64_t i) const {
    const RotaryShape& r = a_.rotary;
    const double f = std::pow(r.theta, -2.0 * static_cast<double>(i) / static_cast<double>(r.dims));
    if (r.scaling == RotaryScaling::kLinear) return f / r.factor;
    if (r.scaling == RotaryScaling::kNone) return f;
    const double wavelength = 2 * M_PI / f;
    if (wavelength < r.original_context / r.high_frequency) return f;
    if (wavelength > r.original_context / r.low_frequency) return f / r.factor;
    const double smooth =
        (r.original_context / wavelength - r.low_frequency) / (r.high_frequency - r.low_frequency);
    return (1 - smooth) * f / r.factor + smooth * f;
  }
  torch::Tensor rotate(const torch::Tensor& vectors) const {
    auto out = vectors.clone();
    const std::int64_t half = a_.rotary.dims / 2;
    for (std::int64_t t = 0; t < vectors.size(0); ++t) {
      for (std::int64_t i = 0; i < half; ++i) {
        const double angle = static_cast<double>(t) * frequency(i);
        const double first = vectors[t][i].item<double>();
        const double second = vectors[t][i + half].item<double>();
        out[t][i] = first * std::cos(angle) - second * std::sin(angle);
        out[t][i + half] = second * std::cos(angle) + first * std::sin(angle);
      }
    }
    return out;
  }
  torch::Tensor attention(const torch::Tensor& x, const std::string& prefix,
                          std::int64_t layer) const {
    const std::int64_t length = x.size(0);
    const std::int64_t dim = a_.head_width;
    const auto qkv = linear(x, prefix + "attention.qkv", a_.qkv_bias);
    const auto head = [&](std::int64_t index) {
      return qkv.slice(1, index * dim, (index + 1) * dim);
    };
    std::vector<torch::Tensor> mixed;
    for (std::int64_t h = 0; h < a_.heads; ++h) {
      const std::int64_t pair = h / (a_.heads / a_.kv_heads);
      auto q = head(h);
      auto k = head(a_.heads + pair);
      if (a_.query_key_norm) {
        q = rms(q, prefix + "attention.query_norm");
        k = rms(k, prefix + "attention.key_norm");
      }
      auto scores = rotate(q).matmul(rotate(k).t()) * a_.attention_scale;
      for (std::int64_t t = 0; t < length; ++t) {
        for (std::int64_t s = 0; s < length; ++s) {
          const std::int64_t window = a_.window(layer);
          if (s > t || (window > 0 && s <= t - window)) scores[t][s] = -INFINITY;
        }
      }
      mixed.push_back(scores.softmax(-1).matmul(head(a_.heads + a_.kv_heads + pair)));
    }
    return linear(torch::cat(mixed, 1), prefix + "attention.out", a_.attention_out_bias);
  }
  torch::Tensor activate(const torch::Tensor& x) const {
    if (a_.activation == Activation::kSilu) return x / (1 + torch::exp(-x));
    if (a_.activation == Activation::kGelu) return x * 0.5 * (1 + torch::erf(x / std::sqrt(2.0)));
    return x * 0.5 * (1 + torch::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x.pow(3))));
  }
  torch::Tensor mlp(const torch::Tensor& x, const std::string& prefix) const {
    const auto in = linear(x, prefix + "mlp.in", a_.mlp_bias);
    const auto inner =
        a_.gated ? activate(in.slice(1, 0, a_.inner)) * in.slice(1, a_.inner) : activate(in);
    return linear(inner, prefix + "mlp.out", a_.mlp_bias);
  }

  const Gpt& model_;
  const Architecture& a_;
};

}  // namespace skillit
