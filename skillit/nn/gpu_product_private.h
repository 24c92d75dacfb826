#pragma once

#include <cstdint>

#include "skillit/nn/gpu_kernels_private.h"

// Products with small float32 weights on a GPU, as gpu_product.cpp calls them; for this project's
// own .cpp and .cu files; not installed.
namespace skillit::gpu {

/// Widths are multiples of this.
inline constexpr std::int64_t kProductTile = 32;

enum class Gelu { kNone, kExact, kTanh };

/// y [rows, columns] = gelu(x [rows, depth] times the weight + bias + added) * factor, where null
/// is left out. The weight is [columns, depth] when it is turned, else [depth, columns].
struct SmallProduct {
  std::int64_t rows, depth, columns;
  const float* x;
  const float* weight;
  bool turned;
  const float* bias;    ///< [columns]
  const float* added;   ///< [rows, columns]
  const float* factor;  ///< [rows, columns]
  Gelu gelu;
  float* gelu_slopes;  ///< Where gelu's derivative goes, [rows, columns].
  float* y;
};
void multiply(const SmallProduct& product, Stream stream);

/// weight_gradient [out, in] += slopes [rows, out] turned times x [rows, in], and bias_gradient
/// [out], where it is not null, += the column sums of slopes.
struct SmallGradient {
  std::int64_t rows, in, out;
  const float* slopes;
  const float* x;
  float* weight_gradient;
  float* bias_gradient;
};

/// Several of them, of different weights, which one kernel adds.
struct SmallGradients {
  static constexpr int kMost = 48;  ///< What a kernel takes as its arguments.
  int count;
  int first_block[kMost + 1];
  SmallGradient each[kMost];

  void add(const SmallGradient& one);
  /// Whether it adds to a weight that one of them adds to, too, or to rows of it.
  [[nodiscard]] bool overlaps(const SmallGradient& one) const;
};
void add_weight_gradients(const SmallGradients& all, Stream stream);

}  // namespace skillit::gpu
