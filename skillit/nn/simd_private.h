#pragma once

// Vectors of eight floats, for the sources that are compiled once per kind of processor. Includes
// nothing that defines functions: an inline function of a header, compiled for a newer processor,
// could be the copy that the linker keeps for everyone.
#include <cstdint>

#include "skillit/nn/cpu_kernels_private.h"

namespace skillit {
namespace {

constexpr std::int64_t kLanes = 8;
using Floats = float __attribute__((vector_size(32)));
using Ints = std::int32_t __attribute__((vector_size(32)));
using Words = std::uint32_t __attribute__((vector_size(32)));
using Halves = std::uint16_t __attribute__((vector_size(16)));
using UnalignedHalves = std::uint16_t __attribute__((vector_size(16), aligned(2), may_alias));
using UnalignedFloats = float __attribute__((vector_size(32), aligned(4), may_alias));

constexpr std::int64_t smaller(std::int64_t a, std::int64_t b) {
  return a < b ? a : b;
}

/// A matrix whose element (i, j) lies at `at[i * row + j * step]`.
struct View {
  const float* at;
  std::int64_t row;
  std::int64_t step = 1;
};

inline Floats load(const float* at) {
  return *reinterpret_cast<const UnalignedFloats*>(at);
}
inline void store(float* at, Floats x) {
  *reinterpret_cast<UnalignedFloats*>(at) = x;
}
inline Floats all(float x) {
  return Floats{} + x;
}
inline Floats larger(Floats a, Floats b) {
  return a > b ? a : b;
}
template <typename Both>
inline float folded(Floats x, const Both& both) {
  x = both(x, __builtin_shuffle(x, Ints{4, 5, 6, 7, 0, 1, 2, 3}));
  x = both(x, __builtin_shuffle(x, Ints{2, 3, 0, 1, 6, 7, 4, 5}));
  return both(x, __builtin_shuffle(x, Ints{1, 0, 3, 2, 5, 4, 7, 6}))[0];
}
inline float sum_of(Floats x) {
  return folded(x, [](Floats a, Floats b) { return a + b; });
}
inline float largest_of(Floats x) {
  return folded(x, larger);
}

inline float number(float x) {
  return x;
}
inline float number(Bf16 x) {
  return __builtin_bit_cast(float, static_cast<std::uint32_t>(x.bits) << 16);
}
inline void put(float& out, float x) {
  out = x;
}
/// To the nearest, the even one of two.
inline void put(Bf16& out, float x) {
  const auto bits = __builtin_bit_cast(std::uint32_t, x);
  const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16;
  out.bits = static_cast<std::uint16_t>(x != x ? 0x7fc0U : rounded);
}

inline Floats read(const float* from) {
  return load(from);
}
inline Floats read(const Bf16* from) {
  const auto bits = *reinterpret_cast<const UnalignedHalves*>(from);
  return reinterpret_cast<Floats>(__builtin_convertvector(bits, Words) << 16);
}
inline void write(float* to, Floats x) {
  store(to, x);
}
inline void write(Bf16* to, Floats x) {  // As put() above.
  const auto bits = reinterpret_cast<Words>(x);
  const Words rounded = (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16;
  const Words chosen = x != x ? Words{} + 0x7fc0U : rounded;
  *reinterpret_cast<UnalignedHalves*>(to) = __builtin_convertvector(chosen, Halves);
}

inline Floats root_of(Floats x) {  // One instruction, given -fno-math-errno.
  for (int i = 0; i < kLanes; ++i) x[i] = __builtin_sqrtf(x[i]);
  return x;
}

/// e^x within 2 units in the last place; 0 below -87, and the result at 88 above that.
inline Floats exp_of(Floats x) {
  const Floats limited = x > 88.0F ? all(88.0F) : x;
  // Added to a float, 1.5 * 2^23 leaves the nearest whole number in its lowest bits.
  const Floats shifted = limited * 1.44269504F + 12582912.0F;
  const Floats whole = shifted - 12582912.0F;
  const Floats r = (limited - whole * 0.693359375F) + whole * 2.12194440e-4F;
  constexpr float kTaylor[] = {1.0F / 720, 1.0F / 120, 1.0F / 24, 1.0F / 6, 0.5F, 1.0F, 1.0F};
  Floats p = all(1.0F / 5040);
  for (const float factor : kTaylor) p = p * r + factor;
  const auto scaled = reinterpret_cast<Ints>(p) + (reinterpret_cast<Ints>(shifted) << 23);
  const Floats result = x < -87.0F ? Floats{} : reinterpret_cast<Floats>(scaled);
  return x == x ? result : x;  // NaN stays NaN.
}

}  // namespace
}  // namespace skillit
