#include "skillit/nn/gpt.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>

#include "skillit/base/error.h"

namespace skillit {
namespace {

std::string block_name(std::int64_t layer) {
  return fmt::format("blocks.{}.", layer);
}

void add_linear(std::vector<Parameters::Spec>& specs, const std::string& name, std::int64_t out,
                std::int64_t in, double std) {
  specs.push_back({name + ".weight", {out, in}, Parameters::Init::kNormal, std, true});
  specs.push_back({name + ".bias", {out}, Parameters::Init::kZeros});
}

void add_norm(std::vector<Parameters::Spec>& specs, const std::string& name, std::int64_t width) {
  specs.push_back({name + ".weight", {width}, Parameters::Init::kOnes});
  specs.push_back({name + ".bias", {width}, Parameters::Init::kZeros});
}

std::vector<Parameters::Spec> describe(const GptOptions& o, std::int64_t vocabulary) {
  const double reads = 1 / std::sqrt(static_cast<double>(o.width));
  const double residual = 1 / std::sqrt(2.0 * static_cast<double>(o.layers));
  std::vector<Parameters::Spec> specs;
  specs.push_back({"embedding", {vocabulary, o.width}, Parameters::Init::kNormal, reads, true});
  if (o.positions == "learned") {
    specs.push_back({"positions", {o.context, o.width}, Parameters::Init::kNormal, 0.02, false});
  }
  for (std::int64_t layer = 0; layer < o.layers; ++layer) {
    const std::string prefix = block_name(layer);
    add_norm(specs, prefix + "norm_1", o.width);
    add_linear(specs, prefix + "attention.qkv", 3 * o.width, o.width, reads);
    add_linear(specs, prefix + "attention.out", o.width, o.width, reads * residual);
    add_norm(specs, prefix + "norm_2", o.width);
    add_linear(specs, prefix + "mlp.in", 4 * o.width, o.width, reads);
    add_linear(specs, prefix + "mlp.out", o.width, 4 * o.width, reads * residual / 2);
  }
  add_norm(specs, "final_norm", o.width);
  return specs;
}

}  // namespace

Gpt::Gpt(const GptOptions& options, std::int64_t vocabulary, std::uint64_t seed,
         torch::Device device, torch::ScalarType compute)
    : options_(options),
      vocabulary_(vocabulary),
      device_(device),
      parameters_(describe(options, vocabulary), seed, device, compute) {
  if (options_.positions != "rotary") return;
  const std::int64_t half = options_.width / options_.heads / 2;
  const auto frequency =
      torch::pow(10000.0, torch::arange(half, torch::kFloat64) / -static_cast<double>(half));
  const auto angle = torch::outer(torch::arange(options_.context, torch::kFloat64), frequency);
  rotary_.cosine = angle.cos().to(device, compute);
  rotary_.sine = angle.sin().to(device, compute);
}

torch::Tensor Gpt::hidden(const Batch& batch) const {
  if (batch.length() > options_.context) {
    fail(ErrorCode::kBadArgument,
         fmt::format("model: a sequence has {} tokens, the context is {}; raise model.context",
                     batch.length(), options_.context));
  }
  torch::Tensor x = embed(batch.tokens);
  for (std::int64_t layer = 0; layer + 1 < options_.layers; ++layer) x = block(layer, x);
  const bool few = batch.per_sample > 0 && 2 * batch.per_sample <= batch.length();
  if (few) {
    x = last_block(options_.layers - 1, x, batch);
  } else {
    x = block(options_.layers - 1, x).flatten(0, 1).index_select(0, batch.positions);
  }
  return norm("final_norm", x);
}

torch::Tensor Gpt::embed(const torch::Tensor& tokens) const {
  torch::Tensor x = torch::embedding(parameters_["embedding"], tokens);
  if (options_.positions == "learned")
    x = x + parameters_["positions"].narrow(0, 0, tokens.size(1));
  return x;
}

torch::Tensor Gpt::block(std::int64_t layer, const torch::Tensor& x) const {
  const std::string prefix = block_name(layer);
  const auto qkv = linear(prefix + "attention.qkv", norm(prefix + "norm_1", x));
  const auto mixed = causal_attention(qkv, options_.heads, rotary_);
  const auto attended = x + linear(prefix + "attention.out", mixed);
  return attended + feed_forward(prefix, attended);
}

torch::Tensor Gpt::last_block(std::int64_t layer, const torch::Tensor& x,
                              const Batch& batch) const {
  const std::string prefix = block_name(layer);
  const std::int64_t num = x.size(0);
  const std::int64_t length = x.size(1);
  const std::int64_t width = options_.width;
  const auto& weight = parameters_[prefix + "attention.qkv.weight"];
  const auto& bias = parameters_[prefix + "attention.qkv.bias"];
  const auto normed = norm(prefix + "norm_1", x);
  // Keys and values everywhere, queries at the S = B * P scored positions.
  const auto keys_values =
      torch::linear(normed, weight.narrow(0, width, 2 * width), bias.narrow(0, width, 2 * width))
          .view({num, length, 2, options_.heads, -1})
          .permute({2, 0, 3, 1, 4})
          .unbind(0);
  torch::Tensor queries = torch::linear(normed.flatten(0, 1).index_select(0, batch.positions),
                                        weight.narrow(0, 0, width), bias.narrow(0, 0, width))
                              .view({num, batch.per_sample, options_.heads, -1})
                              .transpose(1, 2);
  torch::Tensor keys = keys_values[0];
  const auto places = batch.positions.remainder(length);  // [S], the place inside the sequence
  if (options_.positions == "rotary") {
    keys = rotate(keys, rotary_.cosine.narrow(0, 0, length), rotary_.sine.narrow(0, 0, length));
    const auto at_places = [&](const torch::Tensor& table) {
      return table.index_select(0, places).view({num, 1, batch.per_sample, -1});
    };
    queries = rotate(queries, at_places(rotary_.cosine), at_places(rotary_.sine));
  }
  const auto visible = (torch::arange(length, places.options()) <= places.unsqueeze(1))
                           .view({num, 1, batch.per_sample, length});
  const auto mixed = torch::scaled_dot_product_attention(queries, keys, keys_values[1], visible);
  const auto attended =
      x.flatten(0, 1).index_select(0, batch.positions) +
      linear(prefix + "attention.out", mixed.transpose(1, 2).reshape({-1, width}));
  return attended + feed_forward(prefix, attended);
}

torch::Tensor Gpt::feed_forward(const std::string& prefix, const torch::Tensor& x) const {
  const auto inner = linear(prefix + "mlp.in", norm(prefix + "norm_2", x));
  return linear(prefix + "mlp.out",
                torch::gelu(inner, options_.activation == "gelu" ? "none" : "tanh"));
}

torch::Tensor Gpt::norm(const std::string& name, const torch::Tensor& x) const {
  return torch::layer_norm(x, {options_.width}, parameters_[name + ".weight"],
                           parameters_[name + ".bias"], 1e-5);
}

torch::Tensor Gpt::linear(const std::string& name, const torch::Tensor& x) const {
  return torch::linear(x, parameters_[name + ".weight"], parameters_[name + ".bias"]);
}

}  // namespace skillit
