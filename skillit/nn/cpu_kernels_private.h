#pragma once

#include <cstdint>

#include "skillit/nn/adamw_factors.h"

namespace skillit {

/// Numbers in the widest vectors: what is said to be a multiple of 16 below may be worked on in
/// such steps.
inline constexpr std::int64_t kWidest = 16;

/// A bfloat16 number as it lies in memory.
struct Bf16 {
  std::uint16_t bits;
};

/// Causal attention of one sequence of T places. Legend as in Architecture; a row of queries, keys
/// and values is [(H + 2K) * D], first all queries, then all keys, then all values.
struct AttentionShape {
  std::int64_t length;       ///< T
  std::int64_t heads;        ///< H
  std::int64_t kv_heads;     ///< K
  std::int64_t head_width;   ///< D
  std::int64_t rotary_half;  ///< Columns of the rotary tables; 0 = no rotation.
  std::int64_t window;       ///< Keys that a query sees, itself included; 0 = all before it.
  float scale;               ///< Of the products of queries and keys.

  [[nodiscard]] std::int64_t row() const { return (heads + 2 * kv_heads) * head_width; }
};

/// Everything is contiguous and belongs to the caller. The rotary tables are [T, rotary_half].
/// `starts` [T] says where the document of each place begins, not falling; null = at 0.
template <typename Number>
struct AttentionInput {
  const Number* rows;  ///< [T, row()]
  const Number* cosine;
  const Number* sine;
  const std::int64_t* starts;
};

/// What makes exponentials the weights of one query: e^(product - largest) * one_over_sum.
struct SoftmaxTotal {
  float largest;
  float one_over_sum;
};

/// Loops over numbers in plain memory, compiled for several kinds of processor. Each call works in
/// its own thread; the results do not depend on how calls are spread over threads.
template <typename Number>
struct CpuKernels {
  /// The queries that read one pair of key and value heads: `mixed` [T, H * D] and `totals`
  /// [H, T] (for the backward pass) at their heads. `scratch` as attention_scratch.
  void (*attend)(const AttentionShape& shape, const AttentionInput<Number>& input,
                 std::int64_t kv_head, Number* mixed, SoftmaxTotal* totals, float* scratch);
  /// Gradient of the rows, `slopes` [T, row()] at these heads, from that of `mixed`.
  void (*attend_back)(const AttentionShape& shape, const AttentionInput<Number>& input,
                      std::int64_t kv_head, const Number* mixed_slopes, const SoftmaxTotal* totals,
                      Number* slopes, float* scratch);
  /// y = gelu(x + bias), the bias left out where it is null, and where `slopes` is not null its
  /// derivative there. `tanh` = the approximation of GPT-2.
  void (*gelu)(const Number* x, const Number* bias, std::int64_t count, bool tanh, Number* y,
               Number* slopes);
  /// The sum of the squares of x; `count` is a multiple of 16.
  double (*square_sum)(const Number* x, std::int64_t count);
  /// One step of AdamW on weights side by side, `count` of them, a multiple of 16: changes their
  /// moments and `master`, rounds that into `compute` where it is not null, and leaves a gradient
  /// of 0.
  void (*adamw)(const AdamWFactors& factors, std::int64_t count, Number* gradient, float* master,
                float* first, float* second, Number* compute);
};

/// Of one call of attend or attend_back, in floats.
[[nodiscard]] std::int64_t attention_scratch(const AttentionShape& shape);

/// Turns the logits of one position into `scale` times the gradient of its cross-entropy.
/// @return the cross-entropy in nats.
using SoftmaxSlope = double (*)(float* logits, std::int64_t count, std::int64_t target,
                                float scale);

/// Columns of a panel: a matrix [rows, columns] is packed as [columns / 16, rows, 16].
inline constexpr std::int64_t kPanel = 16;
/// Rows of slopes and x that are added to a weight's gradient at once.
inline constexpr std::int64_t kGradientDepth = 64;

/// y [rows, columns] = (x [rows, depth] * the packed matrix [depth, columns] + bias [columns]) *
/// factor [rows, columns] + added [rows, columns], the last three where not null. `columns` is a
/// multiple of 16.
struct Product {
  std::int64_t depth, columns;
  const float* x;
  const float* panels;
  const float* bias;
  const float* factor;
  const float* added;
  float* y;
};

/// weight [out, in] += slopes [rows, out] turned, * x [rows, in]; bias [out], where not null, +=
/// the sums of the slopes' columns. `in` and `out` are multiples of 16.
struct WeightGradient {
  std::int64_t rows, in, out;
  const float* slopes;
  const float* x;
  float* weight;
  float* bias;
};

/// Products whose matrix is so small that MKL would spend a good part of its time on arranging it.
struct ProductKernels {
  /// matrix [rows, columns], or `turned` [columns, rows], -> panels, rows * columns floats.
  void (*pack)(const float* matrix, std::int64_t rows, std::int64_t columns, bool turned,
               float* panels);
  /// Rows begin .. end - 1 of y. The bits of a row do not depend on these.
  void (*multiply)(const Product& product, std::int64_t begin, std::int64_t end);
  /// Rows begin .. end - 1 of the weight, multiples of 16; likewise. `scratch`: kGradientDepth * in
  /// floats.
  void (*add_weight_gradient)(const WeightGradient& gradient, std::int64_t begin, std::int64_t end,
                              float* scratch);
};

/// Layer norm of rows x [rows, width], `width` a multiple of 16.
template <typename Number>
struct Norm {
  std::int64_t width;
  const Number* x;
  const Number* weight;
  const Number* bias;  ///< Not needed backwards.
  float epsilon;       ///< Likewise.
};
/// A row's mean and one over its standard deviation.
struct RowScale {
  float mean;
  float factor;
};
/// Gradients [rows, width]: of the result and, where not null, one more that is added to that of x.
template <typename Number>
struct NormSlopes {
  const Number* y;
  const Number* added;
  Number* x;
};
template <typename Number>
struct NormKernels {
  /// Rows begin .. end - 1 of `y` and `scales`.
  void (*normalize)(const Norm<Number>& norm, std::int64_t begin, std::int64_t end, Number* y,
                    RowScale* scales);
  /// Likewise of slopes.x; adds to the sums [width], which are the gradients of weight and bias.
  void (*normalize_back)(const Norm<Number>& norm, const RowScale* scales, std::int64_t begin,
                         std::int64_t end, const NormSlopes<Number>& slopes, float* weight_sums,
                         float* bias_sums);
};

/// The fastest this processor can run.
template <typename Number>
[[nodiscard]] const CpuKernels<Number>& cpu_kernels();
[[nodiscard]] const ProductKernels& product_kernels();
template <typename Number>
[[nodiscard]] const NormKernels<Number>& norm_kernels();
[[nodiscard]] SoftmaxSlope softmax_slope();

}  // namespace skillit
