#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "skillit/nn/gpt_options.h"

namespace skillit {

enum class NormKind { kLayer, kRms };
enum class Activation { kGelu, kGeluTanh, kSilu };
enum class RotaryScaling { kNone, kLinear, kLlama3 };

/// Rotary positions in the half-split form (element i of a head turns with element i + dims/2).
struct RotaryShape {
  std::int64_t dims = 0;  ///< Leading elements of each head that turn; 0 = no rotary positions.
  double theta = 10000;   ///< Element i turns by theta^(-2i/dims) a token.
  RotaryScaling scaling = RotaryScaling::kNone;
  double factor = 1;  ///< By which scaled frequencies are divided.
  // Of kLlama3: wavelengths above original_context / low_frequency are scaled, those below
  // original_context / high_frequency are not, and those between partly.
  double low_frequency = 1;
  double high_frequency = 4;
  double original_context = 8192;

  bool operator==(const RotaryShape&) const = default;
};

/// A decoder-only transformer described: everything that decides which weights it has and what it
/// computes with them. Legend: C width, H query heads, K key and value heads, D elements of a head,
/// F elements inside the feed-forward part, V vocabulary.
struct Architecture {
  std::int64_t layers = 0;
  std::int64_t width = 0;       ///< C
  std::int64_t heads = 0;       ///< H
  std::int64_t kv_heads = 0;    ///< K; divides H, and query head h reads pair h / (H / K).
  std::int64_t head_width = 0;  ///< D; H * D may differ from C.
  std::int64_t inner = 0;       ///< F
  std::int64_t context = 0;     ///< Most tokens in a sequence.
  std::int64_t vocabulary = 0;  ///< V; a tokenizer may use fewer.

  NormKind norm = NormKind::kLayer;  ///< Before both parts of a block, and at the end.
  double epsilon = 1e-5;             ///< Added to a norm's variance.
  bool parallel = false;  ///< Both parts of a block read its input; else the second reads the
                          ///< first's sum with the input.
  bool learned_positions = false;  ///< A table added to the embedding.
  RotaryShape rotary;
  double attention_scale = 1;         ///< Factor on the products of queries and keys.
  std::vector<std::int64_t> windows;  ///< By layer: keys that a query sees, itself included; 0 =
                                      ///< all before it. Empty = all, in every layer.
  bool query_key_norm = false;  ///< Queries and keys of each head pass an RMS norm of their own.
  bool qkv_bias = true;
  bool attention_out_bias = true;
  bool mlp_bias = true;
  Activation activation = Activation::kGelu;
  bool gated =
      false;  ///< The feed-forward part is activation(gate) * in instead of activation(in).
  bool tied_head = true;  ///< The output matrix is the embedding.

  [[nodiscard]] std::int64_t window(std::int64_t layer) const {
    return windows.empty() ? 0 : windows[static_cast<std::size_t>(layer)];
  }
  /// Weights of the blocks' matrices, which every token passes.
  [[nodiscard]] std::int64_t block_weights() const;
  /// The same with the embedding and the output matrix: what decides a model's size.
  [[nodiscard]] std::int64_t matrix_weights() const;

  bool operator==(const Architecture&) const = default;
};

/// The architecture of a recipe's model with this vocabulary: pre-LayerNorm blocks with biases,
/// four times as wide inside, tied embeddings.
[[nodiscard]] Architecture architecture_of(const GptOptions& options, std::int64_t vocabulary);

}  // namespace skillit
