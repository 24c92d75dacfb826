#pragma once

#include <cstdint>

#include "skillit/nn/adamw_factors.h"
#include "skillit/nn/gpu_step_outcome.h"

struct CUstream_st;

// Kernels of our own for a GPU, as gpu_kernels.cpp calls them; for this project's own .cpp and .cu
// files; not installed. Sums come in an order that depends on the sizes alone.
namespace skillit::gpu {

using Stream = CUstream_st*;
enum class Number { kFloat, kBf16 };

/// A span of weights that one set of factors holds for. Counts are multiples of 8.
struct AdamWSpan {
  std::int64_t begin;
  std::int64_t count;
};

struct AdamWMemory {
  void* gradient;
  float* master;
  float* first;
  float* second;
  void* compute;  ///< May be null.
};

/// The norm of the gradient into `outcome`; `parts` has room for kSumParts.
void measure_gradient(const void* gradient, Number type, std::int64_t count, const float* loss,
                      float clip, double* parts, StepOutcome* outcome, Stream stream);
/// As the CPU's, with factors that lie in the GPU's memory, all but `gradient`, which is the
/// outcome's scale; with a scale of 0 only the gradient is set to 0.
void adamw(const AdamWMemory& memory, Number type, AdamWSpan span, const AdamWFactors* factors,
           const StepOutcome* outcome, Stream stream);

/// Rows of [rows, width]; the width is a multiple of 8.
struct Rows {
  std::int64_t rows;
  std::int64_t width;
};
/// `scales` [rows, 2] float32: mean and 1 / deviation.
void normalize(const void* x, const void* weight, const void* bias, Number type, Rows size,
               float epsilon, void* y, float* scales, Stream stream);
/// The input's gradient plus `added` (may be null).
void normalize_back(const void* x, const void* weight, const void* slopes, const void* added,
                    const float* scales, Number type, Rows size, void* x_slopes, Stream stream);
/// Adds the column sums of slopes to `bias_gradient`; and with x those of slopes times the normed x
/// to `weight_gradient`.
void add_column_sums(const void* slopes, const void* x, const float* scales, Number type, Rows size,
                     void* bias_gradient, void* weight_gradient, Stream stream);

/// logits, `stride` elements from row to row -> the gradient of `share` times the sum of the rows'
/// cross-entropies, in place; the losses, float32 [rows], times `share`.
void softmax_slope(void* logits, std::int64_t stride, const std::int64_t* targets, Number type,
                   Rows size, float share, float* losses, Stream stream);

/// y = x + bias [width]
void add_bias(const void* x, const void* bias, Number type, Rows size, void* y, Stream stream);
/// to[places[i]] = rows[i]
void put_rows(const void* rows, const std::int64_t* places, Number type, Rows size, void* to,
              Stream stream);

/// The widest row of add_rows().
inline constexpr std::int64_t kWidestRow = 4096;
/// table[tokens[i]] += slopes[i] for all i, in their order.
void add_rows(const std::int64_t* tokens, const void* slopes, Number type, Rows size, void* table,
              Stream stream);

}  // namespace skillit::gpu
