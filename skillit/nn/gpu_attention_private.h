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
/// Of one block of threads, bytes of shared memory; 0 = no GPU has as much.
[[nodiscard]] std::int64_t attention_memory(std::int64_t length, std::int64_t head_width,
                                            Number type);

/// -> mixed [sequences, T, H * D]
void attend(const ShortAttention& input, Number type, void* mixed, Stream stream);
/// The gradient of the rows from that of `mixed`.
void attend_back(const ShortAttention& input, Number type, const void* mixed_slopes, void* slopes,
                 Stream stream);

}  // namespace skillit::gpu
