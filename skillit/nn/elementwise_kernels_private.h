#pragma once

#include "skillit/nn/simd_private.h"

namespace skillit {
namespace {

struct ValueAndSlope {
  Floats value;
  Floats slope;
};

/// x * F(x), F the normal distribution. Its tail is e^(-x^2/2) / 2 * t * p(t), t = 1 / (1 + 0.4
/// |x| / sqrt 2), where p is our own least squares fit to the scaled complementary error function
/// (relative error 6e-8, in float 2.5e-7).
inline ValueAndSlope exact_gelu(Floats x) {
  constexpr float kFit[] = {-0.140305296F, 0.0839584855F, 0.0879973471F, 0.0797335282F,
                            0.193403095F,  0.201885030F,  0.226443470F,  0.225634202F};
  const Floats bell = exp_of(x * x * -0.5F);
  const Floats t = 1.0F / ((x < 0.0F ? -x : x) * 0.282842712F + 1.0F);
  Floats p = all(0.0412501544F);
  for (const float factor : kFit) p = p * t + factor;
  const Floats tail = bell * t * p * 0.5F;
  const Floats below = x < 0.0F ? tail : 1.0F - tail;
  return {x * below, below + x * bell * 0.398942280F};
}

/// x * s, s = 1 / (1 + e^-2u), u = sqrt(2 / pi) (x + 0.044715 x^3): (1 + tanh u) / 2 = s.
inline ValueAndSlope tanh_gelu(Floats x) {
  const Floats square = x * x;
  const Floats minus_2u = x * (square * -0.0713548163F - 1.59576912F);
  const Floats e = exp_of(minus_2u);
  const Floats s = 1.0F / (e + 1.0F);
  const Floats inner = x * (square * 0.214064449F + 1.59576912F);
  return {x * s, s + e * s * s * inner};  // e * s = 1 - s, without its rounding.
}

template <ValueAndSlope (*kGelu)(Floats), typename Number>
inline void gelu_loop(const Number* x, const Number* bias, std::int64_t count, Number* y,
                      Number* slopes) {
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Floats from = bias == nullptr ? read(x + i) : read(x + i) + read(bias + i);
    const ValueAndSlope at = kGelu(from);
    write(y + i, at.value);
    if (slopes != nullptr) write(slopes + i, at.slope);
  }
  for (; i < count; ++i) {
    const float from = bias == nullptr ? number(x[i]) : number(x[i]) + number(bias[i]);
    const ValueAndSlope at = kGelu(all(from));
    put(y[i], at.value[0]);
    if (slopes != nullptr) put(slopes[i], at.slope[0]);
  }
}

template <typename Number>
void gelu(const Number* x, const Number* bias, std::int64_t count, bool tanh, Number* y,
          Number* slopes) {
  if (tanh)
    gelu_loop<tanh_gelu>(x, bias, count, y, slopes);
  else
    gelu_loop<exact_gelu>(x, bias, count, y, slopes);
}

double slope_of_softmax(float* logits, std::int64_t count, std::int64_t target, float scale) {
  const std::int64_t whole = count / kLanes * kLanes;
  Floats most = all(-__builtin_inff());
  for (std::int64_t i = 0; i < whole; i += kLanes) most = larger(load(logits + i), most);
  float largest = largest_of(most);
  for (std::int64_t i = whole; i < count; ++i) largest = logits[i] > largest ? logits[i] : largest;
  const float wanted = logits[target];
  Floats sums{};
  for (std::int64_t i = 0; i < whole; i += kLanes) {
    const Floats x = exp_of(load(logits + i) - largest);
    sums += x;
    store(logits + i, x);
  }
  float sum = sum_of(sums);
  for (std::int64_t i = whole; i < count; ++i) {
    logits[i] = exp_of(all(logits[i] - largest))[0];
    sum += logits[i];
  }
  const float factor = scale / sum;
  for (std::int64_t i = 0; i < whole; i += kLanes) store(logits + i, load(logits + i) * factor);
  for (std::int64_t i = whole; i < count; ++i) logits[i] *= factor;
  logits[target] -= scale;
  return static_cast<double>(largest) + __builtin_log(static_cast<double>(sum)) -
         static_cast<double>(wanted);
}

}  // namespace
}  // namespace skillit
