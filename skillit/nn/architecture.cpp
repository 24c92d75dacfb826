#include "skillit/nn/architecture.h"

#include <cmath>

namespace skillit {

std::int64_t Architecture::block_weights() const {
  const std::int64_t attention = (2 * heads + 2 * kv_heads) * head_width * width;
  const std::int64_t mlp = (gated ? 3 : 2) * inner * width;
  return layers * (attention + mlp);
}

std::int64_t Architecture::matrix_weights() const {
  return block_weights() + (tied_head ? 1 : 2) * vocabulary * width;
}

Architecture architecture_of(const GptOptions& options, std::int64_t vocabulary) {
  Architecture a;
  a.layers = options.layers;
  a.width = options.width;
  a.heads = options.heads;
  a.kv_heads = options.heads;
  a.head_width = options.width / options.heads;
  a.inner = 4 * options.width;
  a.context = options.context;
  a.vocabulary = vocabulary;
  a.learned_positions = options.positions == "learned";
  if (!a.learned_positions) a.rotary.dims = a.head_width;
  a.attention_scale = 1 / std::sqrt(static_cast<double>(a.head_width));
  a.activation = options.activation == "gelu" ? Activation::kGelu : Activation::kGeluTanh;
  return a;
}

}  // namespace skillit
