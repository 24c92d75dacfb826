#pragma once

#include <cstdint>

#include "skillit/nn/gpu_kernels_private.h"

namespace skillit::gpu {

/// Causal attention of `sequences` of T places with H heads of D elements. A row of queries, keys
/// and values is [3 * H * D], as fused_attention() takes it with as many key as query heads.
struct ShortAttention {
  std::int64_t sequences;
  std::int64_t length;       ///< T, at most kLongest
  std::int64_t heads;        ///< H
  std::int64_t head_width;   ///< D, a multiple of 16
  std::int64_t rotary_half;  ///< Columns of the rotary tables [T, rotary_half]; 0 = no rotation.
  std::int64_t window;       ///< Keys that a query sees, itself included; 0 = all before it.
  float scale;               ///< Of the products of queries and keys.
  const void* rows;          ///< [sequences, T, 3 * H * D]
  const void* cosine;
  const void* sine;
  const std::int64_t* starts;  ///< [sequences, T], where documents begin, or null.
};

inline constexpr std::int64_t kLongest = 64;

// In bf16 on tensor cores, and in float32 without, for heads of 16 or 32 elements. The memory is
// what a block of threads shares, in bytes. `mixed` and its gradient are [sequences, T, H * D]; the
// way back gives the gradient of the rows.

[[nodiscard]] std::int64_t half_attention_memory(std::int64_t length, std::int64_t head_width);
void attend_halves(const ShortAttention& input, void* mixed, Stream stream);
void attend_halves_back(const ShortAttention& input, const void* mixed_slopes, void* slopes,
                        Stream stream);

[[nodiscard]] bool has_float_attention(std::int64_t head_width);
[[nodiscard]] std::int64_t float_attention_memory(std::int64_t length, std::int64_t head_width);
void attend_floats(const ShortAttention& input, float* mixed, Stream stream);
void attend_floats_back(const ShortAttention& input, const float* mixed_slopes, float* slopes,
                        Stream stream);

}  // namespace skillit::gpu
