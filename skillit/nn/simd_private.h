#pragma once

// Vectors of floats, eight or with AVX-512 sixteen, for the sources that are compiled once per kind
// of processor. Includes nothing that defines functions: an inline function of a header, compiled
// for a newer processor, could be the copy that the linker keeps for everyone.
#include <cstdint>

#include "skillit/nn/cpu_kernels_private.h"

namespace skillit {
namespace {

#ifdef __AVX512F__
constexpr std::int64_t kLanes = 16;
#else
constexpr std::int64_t kLanes = 8;
#endif
constexpr std::int64_t kPanelVectors = kPanel / kLanes;  ///< In a row of a panel.
/// Vectors of kCount numbers.
template <std::int64_t kCount>
struct Vectors {
  using Floats [[gnu::vector_size(4 * kCount)]] = float;
  using Ints [[gnu::vector_size(4 * kCount)]] = std::int32_t;
  using Words [[gnu::vector_size(4 * kCount)]] = std::uint32_t;
  using Halves [[gnu::vector_size(2 * kCount)]] = std::uint16_t;
  using UnalignedFloats [[gnu::vector_size(4 * kCount), gnu::aligned(4), gnu::may_alias]] = float;
  using UnalignedHalves [[gnu::vector_size(2 * kCount), gnu::aligned(2), gnu::may_alias]] =
      std::uint16_t;
};
using Floats = Vectors<kLanes>::Floats;
using Ints = Vectors<kLanes>::Ints;

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
  return *reinterpret_cast<const Vectors<kLanes>::UnalignedFloats*>(at);
}
inline void store(float* at, Floats x) {
  *reinterpret_cast<Vectors<kLanes>::UnalignedFloats*>(at) = x;
}
inline Floats all(float x) {
  return Floats{} + x;
}
inline Floats larger(Floats a, Floats b) {
  return a > b ? a : b;
}
/// Lane i of the result is lane i ^ kStep.
template <int kStep>
inline Floats crossed(Floats x) {
  Ints from;
  for (int i = 0; i < kLanes; ++i) from[i] = i ^ kStep;
  return __builtin_shuffle(x, from);
}
template <typename Both>
inline float folded(Floats x, const Both& both) {
  if constexpr (kLanes > 8) x = both(x, crossed<8>(x));
  x = both(x, crossed<4>(x));
  x = both(x, crossed<2>(x));
  return both(x, crossed<1>(x))[0];
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

template <std::int64_t kCount = kLanes>
inline auto read(const float* from) {
  using Vector = Vectors<kCount>;
  return typename Vector::Floats(*reinterpret_cast<const typename Vector::UnalignedFloats*>(from));
}
template <std::int64_t kCount = kLanes>
inline auto read(const Bf16* from) {
  using Vector = Vectors<kCount>;
  const auto bits = *reinterpret_cast<const typename Vector::UnalignedHalves*>(from);
  return reinterpret_cast<typename Vector::Floats>(
      __builtin_convertvector(bits, typename Vector::Words) << 16);
}
template <std::int64_t kCount = kLanes>
inline void write(float* to, typename Vectors<kCount>::Floats x) {
  *reinterpret_cast<typename Vectors<kCount>::UnalignedFloats*>(to) = x;
}
template <std::int64_t kCount = kLanes>
inline void write(Bf16* to, typename Vectors<kCount>::Floats x) {  // As put() above.
  using Vector = Vectors<kCount>;
  using Words = typename Vector::Words;
  const auto bits = reinterpret_cast<Words>(x);
  const Words rounded = (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16;
  const Words chosen = x != x ? Words{} + 0x7fc0U : rounded;
  *reinterpret_cast<typename Vector::UnalignedHalves*>(to) =
      __builtin_convertvector(chosen, typename Vector::Halves);
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
