#include "skillit/nn/gpt.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/nn/fused_operations.h"
#include "skillit/nn/gpt_weights.h"
#include "skillit/nn/gpu_attention.h"
#include "skillit/nn/recompute.h"

namespace skillit {
namespace {

/// Rows of the rotary tables at first: a context may be far longer than any sequence that comes.
constexpr std::int64_t kFirstRows = 4096;

/// On a GPU all: what was recorded there reads them where they were.
std::int64_t first_rows(std::int64_t context, torch::Device device) {
  return device.is_cuda() ? context : std::min(context, kFirstRows);
}

std::string block_name(std::int64_t layer) {
  return fmt::format("blocks.{}.", layer);
}

torch::Tensor activate(Activation activation, const torch::Tensor& x) {
  if (activation == Activation::kSilu) return torch::silu(x);
  if (x.is_cpu()) return fused_gelu(x, activation == Activation::kGeluTanh);
  return torch::gelu(x, activation == Activation::kGelu ? "none" : "tanh");
}

}  // namespace

Gpt::Gpt(const Architecture& architecture, std::optional<std::uint64_t> seed, torch::Device device,
         torch::ScalarType compute)
    : architecture_(architecture),
      device_(device),
      parameters_(weights_of(architecture), seed, device, compute),
      rotary_(make_rotary(architecture.rotary, first_rows(architecture.context, device), device,
                          compute)) {}

bool Gpt::fuses_attention(std::int64_t length) const {
  if (device_.is_cuda())
    return gpu::can_attend(architecture_, length, parameters_["embedding"].scalar_type());
  return !architecture_.query_key_norm;
}

void Gpt::expect_length(std::int64_t length) const {
  const std::int64_t context = architecture_.context;
  if (length > context) {
    fail(ErrorCode::kBadArgument,
         fmt::format("model: a sequence has {} tokens, the context (model.context) is {}", length,
                     context));
  }
  if (!rotary_.cosine.defined() || length <= rotary_.cosine.size(0)) return;
  rotary_ = make_rotary(architecture_.rotary, std::min(context, 2 * length), device_,
                        rotary_.cosine.scalar_type());
}

torch::Tensor Gpt::hidden(const Batch& batch, bool recompute) const {
  expect_length(batch.length());
  const bool fused = fuses_attention(batch.length());
  // On a GPU a short block takes less time than the choice of its places.
  const bool few = batch.per_sample > 0 && 2 * batch.per_sample <= batch.length() &&
                   !(fused && device_.is_cuda());
  const std::int64_t last = architecture_.layers - 1;
  torch::Tensor x = embed(batch);
  const Sight everywhere = fused ? Sight() : sight_of(batch, false);
  const bool keeps_inputs = recompute && torch::GradMode::is_enabled();
  for (std::int64_t layer = 0; layer < last; ++layer) {
    const auto compute = [this, layer, batch, everywhere](const torch::Tensor& input) {
      return block(layer, input, batch, everywhere, false);
    };
    x = keeps_inputs ? recomputed(x, compute) : compute(x);
  }
  if (few) {
    x = block(last, x, batch, sight_of(batch, true), true);
  } else {
    x = rows_at(block(last, x, batch, everywhere, false), batch.positions);
  }
  return norm("final_norm", x).y;
}

Gpt::Sight Gpt::sight_of(const Batch& batch, bool at_scored) const {
  const std::int64_t length = batch.length();
  const auto everywhere = torch::arange(length, batch.tokens.options());
  Sight sight;
  for (std::int64_t layer = 0; layer < architecture_.layers; ++layer) {
    const std::int64_t window = architecture_.window(layer);
    if (sight.contains(window)) continue;
    if (at_scored) {
      const auto places = batch.positions.remainder(length);  // The place inside the sequence.
      const auto starts = batch.starts.defined()
                              ? batch.starts.flatten().index_select(0, batch.positions)
                              : torch::Tensor();
      sight[window] = visible_keys(places, length, window, starts)
                          .view({batch.size(), 1, batch.per_sample, length});
    } else if (batch.starts.defined()) {
      sight[window] = visible_keys(everywhere, length, window, batch.starts).unsqueeze(1);
    } else if (window > 0 && window < length) {
      sight[window] = visible_keys(everywhere, length, window);
    } else {
      sight[window] = torch::Tensor();
    }
  }
  return sight;
}

torch::Tensor Gpt::embed(const Batch& batch) const {
  const auto x = embedding(parameters_.weight("embedding"), batch.tokens);
  if (!architecture_.learned_positions) return x;
  const auto& positions = parameters_["positions"];
  if (!batch.starts.defined()) return x + positions.narrow(0, 0, batch.length());
  // Each document from place 0. Rotary positions need no such thing: only distances count there.
  const auto places = torch::arange(batch.length(), batch.tokens.options()) - batch.starts;
  return x + torch::embedding(positions, places);
}

torch::Tensor Gpt::block(std::int64_t layer, const torch::Tensor& x, const Batch& batch,
                         const Sight& sight, bool at_scored) const {
  const std::string prefix = block_name(layer);
  const auto [normed, passed] = norm(prefix + "norm_1", x);
  torch::Tensor mixed;
  if (!at_scored && fuses_attention(batch.length())) {
    const auto rows = linear(prefix + "attention.qkv", normed, architecture_.qkv_bias);
    mixed = fused_attention(rows, architecture_, rotary_rows(batch.length()),
                            architecture_.window(layer), batch.starts);
  } else {
    const Heads heads = at_scored ? project_scored(prefix, normed, batch) : project(prefix, normed);
    mixed = attend(heads, architecture_.attention_scale, sight.at(architecture_.window(layer)));
  }
  torch::Tensor before = passed;
  if (at_scored) {
    mixed = mixed.flatten(0, 1);
    before = rows_at(passed, batch.positions);
  }
  const auto attended =
      linear(prefix + "attention.out", mixed, architecture_.attention_out_bias, before);
  if (architecture_.parallel) return feed_forward(prefix, before, attended);
  return feed_forward(prefix, attended, {});
}

Heads Gpt::project(const std::string& prefix, const torch::Tensor& x) const {
  const auto& a = architecture_;
  const auto qkv = linear(prefix + "attention.qkv", x, a.qkv_bias);
  const auto view = [&](std::int64_t heads) {
    return std::vector<std::int64_t>{x.size(0), x.size(1), heads, a.head_width};
  };
  Heads heads;
  if (a.heads == a.kv_heads) {
    const auto parts =
        qkv.view({x.size(0), x.size(1), 3, a.heads, -1}).permute({2, 0, 3, 1, 4}).unbind(0);
    heads = {parts[0], parts[1], parts[2]};
  } else {
    const std::int64_t width = a.kv_heads * a.head_width;
    const auto parts = qkv.split_with_sizes({a.heads * a.head_width, width, width}, -1);
    heads = {parts[0].view(view(a.heads)).transpose(1, 2),
             parts[1].view(view(a.kv_heads)).transpose(1, 2),
             parts[2].view(view(a.kv_heads)).transpose(1, 2)};
  }
  heads.queries = head_norm(prefix + "attention.query_norm", heads.queries);
  heads.keys = head_norm(prefix + "attention.key_norm", heads.keys);
  if (rotary_.cosine.defined()) {
    const auto [cosine, sine] = rotary_rows(x.size(1));
    heads.queries = rotate(heads.queries, cosine, sine);
    heads.keys = rotate(heads.keys, cosine, sine);
  }
  return heads;
}

Rotary Gpt::rotary_rows(std::int64_t length) const {
  if (!rotary_.cosine.defined()) return {};
  return {rotary_.cosine.narrow(0, 0, length), rotary_.sine.narrow(0, 0, length)};
}

Heads Gpt::project_scored(const std::string& prefix, const torch::Tensor& x,
                          const Batch& batch) const {
  const auto& a = architecture_;
  const std::int64_t length = x.size(1);
  const std::int64_t split = a.heads * a.head_width;
  const std::int64_t rest = 2 * a.kv_heads * a.head_width;
  const Weight weight = parameters_.weight(prefix + "attention.qkv.weight");
  const auto part = [&](const torch::Tensor& input, std::int64_t begin, std::int64_t size) {
    std::optional<Weight> bias;
    if (a.qkv_bias) bias = parameters_.weight(prefix + "attention.qkv.bias").rows(begin, size);
    return skillit::linear(input, weight.rows(begin, size), bias);
  };
  const auto keys_values = part(x, split, rest)
                               .view({x.size(0), length, 2, a.kv_heads, a.head_width})
                               .permute({2, 0, 3, 1, 4})
                               .unbind(0);
  Heads heads{part(rows_at(x, batch.positions), 0, split)
                  .view({x.size(0), batch.per_sample, a.heads, a.head_width})
                  .transpose(1, 2),
              keys_values[0], keys_values[1]};
  heads.queries = head_norm(prefix + "attention.query_norm", heads.queries);
  heads.keys = head_norm(prefix + "attention.key_norm", heads.keys);
  if (rotary_.cosine.defined()) {
    const auto places = batch.positions.remainder(length);
    const auto at_places = [&](const torch::Tensor& table) {
      return table.index_select(0, places).view({x.size(0), 1, batch.per_sample, -1});
    };
    const auto [cosine, sine] = rotary_rows(length);
    heads.keys = rotate(heads.keys, cosine, sine);
    heads.queries = rotate(heads.queries, at_places(rotary_.cosine), at_places(rotary_.sine));
  }
  return heads;
}

torch::Tensor Gpt::head_norm(const std::string& name, const torch::Tensor& x) const {
  if (!architecture_.query_key_norm) return x;
  return torch::rms_norm(x, {architecture_.head_width}, parameters_[name + ".weight"],
                         architecture_.epsilon);
}

torch::Tensor Gpt::feed_forward(const std::string& prefix, const torch::Tensor& x,
                                const torch::Tensor& added) const {
  const auto& a = architecture_;
  const auto [normed, passed] = norm(prefix + "norm_2", x);
  const torch::Tensor sum = added.defined() ? added : passed;
  if (!a.gated && a.activation != Activation::kSilu &&
      has_feed_forward(normed, parameters_[prefix + "mlp.in.weight"])) {
    const FeedForwardWeights weights{
        parameters_.weight(prefix + "mlp.in.weight"), bias_of(prefix + "mlp.in", a.mlp_bias),
        parameters_.weight(prefix + "mlp.out.weight"), bias_of(prefix + "mlp.out", a.mlp_bias)};
    return skillit::feed_forward(normed, weights, a.activation == Activation::kGeluTanh, sum);
  }
  const auto in = linear(prefix + "mlp.in", normed, a.mlp_bias);
  torch::Tensor inner;
  if (a.gated) {
    const auto parts = in.split(a.inner, -1);
    inner = activate(a.activation, parts[0]) * parts[1];
  } else {
    inner = activate(a.activation, in);
  }
  return linear(prefix + "mlp.out", inner, a.mlp_bias, sum);
}

Normed Gpt::norm(const std::string& name, const torch::Tensor& x) const {
  const Weight weight = parameters_.weight(name + ".weight");
  if (architecture_.norm == NormKind::kRms) {
    const std::vector<std::int64_t> width{architecture_.width};
    return {torch::rms_norm(x, width, weight.value, architecture_.epsilon), x};
  }
  return layer_norm(x, weight, parameters_.weight(name + ".bias"), architecture_.epsilon);
}

std::optional<Weight> Gpt::bias_of(const std::string& name, bool bias) const {
  return bias ? std::optional(parameters_.weight(name + ".bias")) : std::nullopt;
}

torch::Tensor Gpt::linear(const std::string& name, const torch::Tensor& x, bool bias,
                          const torch::Tensor& added) const {
  return skillit::linear(x, parameters_.weight(name + ".weight"), bias_of(name, bias), added);
}

}  // namespace skillit
