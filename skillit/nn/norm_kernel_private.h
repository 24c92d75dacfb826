#pragma once

#include "skillit/nn/simd_private.h"

namespace skillit {
namespace {

void normalize(const Norm& norm, std::int64_t begin, std::int64_t end, float* y, RowScale* scales) {
  const std::int64_t width = norm.width;
  const float share = 1.0F / static_cast<float>(width);
  for (std::int64_t row = begin; row < end; ++row) {
    const float* const x = norm.x + row * width;
    Floats sums{};
    for (std::int64_t i = 0; i < width; i += kLanes) sums += load(x + i);
    const float mean = sum_of(sums) * share;
    Floats squares{};
    for (std::int64_t i = 0; i < width; i += kLanes) {
      const Floats away = load(x + i) - mean;
      squares += away * away;
    }
    const float factor = 1.0F / __builtin_sqrtf(sum_of(squares) * share + norm.epsilon);
    for (std::int64_t i = 0; i < width; i += kLanes) {
      const Floats normed = (load(x + i) - mean) * factor;
      store(y + row * width + i, normed * load(norm.weight + i) + load(norm.bias + i));
    }
    scales[row] = {mean, factor};
  }
}

void normalize_back(const Norm& norm, const RowScale* scales, std::int64_t begin, std::int64_t end,
                    const NormSlopes& slopes, float* weight_sums, float* bias_sums) {
  const std::int64_t width = norm.width;
  const float share = 1.0F / static_cast<float>(width);
  for (std::int64_t row = begin; row < end; ++row) {
    const auto [mean, factor] = scales[row];
    const float* const x = norm.x + row * width;
    const float* const y = slopes.y + row * width;
    Floats sums{}, products{};
    for (std::int64_t i = 0; i < width; i += kLanes) {
      const Floats normed = (load(x + i) - mean) * factor;
      const Floats slope = load(y + i);
      const Floats weighted = slope * load(norm.weight + i);
      sums += weighted;
      products += weighted * normed;
      store(bias_sums + i, load(bias_sums + i) + slope);
      store(weight_sums + i, load(weight_sums + i) + slope * normed);
    }
    const float a = sum_of(sums) * share;
    const float b = sum_of(products) * share;
    for (std::int64_t i = 0; i < width; i += kLanes) {
      const Floats normed = (load(x + i) - mean) * factor;
      Floats slope = (load(y + i) * load(norm.weight + i) - a - normed * b) * factor;
      if (slopes.added != nullptr) slope += load(slopes.added + row * width + i);
      store(slopes.x + row * width + i, slope);
    }
  }
}

}  // namespace
}  // namespace skillit
