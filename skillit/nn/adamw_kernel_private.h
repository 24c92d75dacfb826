#pragma once

#include "skillit/nn/simd_private.h"

namespace skillit {
namespace {

template <typename Number>
double square_sum(const Number* x, std::int64_t count) {
  Floats sums[2]{};  // One waits for its addition while the other adds.
  std::int64_t i = 0;
  for (; i + 2 * kLanes <= count; i += 2 * kLanes) {
    const Floats a = read(x + i);
    const Floats b = read(x + i + kLanes);
    sums[0] += a * a;
    sums[1] += b * b;
  }
  if (i < count) sums[0] += read(x + i) * read(x + i);
  return static_cast<double>(sum_of(sums[0] + sums[1]));
}

template <typename Number>
void adamw(const AdamWFactors& factors, std::int64_t count, Number* gradient, float* master,
           float* first, float* second, Number* compute) {
  const AdamWFactors f = factors;  // Not where a store might change it.
  for (std::int64_t i = 0; i < count; i += kLanes) {
    const Floats g = read(gradient + i) * f.gradient;
    const Floats m = load(first + i) * f.keep1 + g * f.add1;
    const Floats v = load(second + i) * f.keep2 + g * g * f.add2;
    const Floats w = load(master + i) * f.decay - m * f.step / (root_of(v) * f.root + f.epsilon);
    write(gradient + i, Floats{});
    store(first + i, m);
    store(second + i, v);
    store(master + i, w);
    if (compute != nullptr) write(compute + i, w);
  }
}

}  // namespace
}  // namespace skillit
