#pragma once

#include "skillit/nn/simd_private.h"

namespace skillit {
namespace {

template <typename Number>
void normalize(const Norm<Number>& norm, std::int64_t begin, std::int64_t end, Number* y,
               RowScale* scales) {
  const std::int64_t width = norm.width;
  const float share = 1.0F / static_cast<float>(width);
  for (std::int64_t row = begin; row < end; ++row) {
    const Number* const x = norm.x + row * width;
    Floats sums{};
    for (std::int64_t i = 0; i < width; i += kLanes) sums += read(x + i);
    const float mean = sum_of(sums) * share;
    Floats squares{};
    for (std::int64_t i = 0; i < width; i += kLanes) {
      const Floats away = read(x + i) - mean;
      squares += away * away;
    }
    const float factor = 1.0F / __builtin_sqrtf(sum_of(squares) * share + norm.epsilon);
    for (std::int64_t i = 0; i < width; i += kLanes) {
      const Floats normed = (read(x + i) - mean) * factor;
      write(y + row * width + i, normed * read(norm.weight + i) + read(norm.bias + i));
    }
    scales[row] = {mean, factor};
  }
}

template <typename Number>
void normalize_back(const Norm<Number>& norm, const RowScale* scales, std::int64_t begin,
                    std::int64_t end, const NormSlopes<Number>& slopes, float* weight_sums,
                    float* bias_sums) {
  const std::int64_t width = norm.width;
  const float share = 1.0F / static_cast<float>(width);
  for (std::int64_t row = begin; row < end; ++row) {
    const auto [mean, factor] = scales[row];
    const Number* const x = norm.x + row * width;
    const Number* const y = slopes.y + row * width;
    Floats sums{}, products{};
    for (std::int64_t i = 0; i < width; i += kLanes) {
      const Floats normed = (read(x + i) - mean) * factor;
      const Floats slope = read(y + i);
      const Floats weighted = slope * read(norm.weight + i);
      sums += weighted;
      products += weighted * normed;
      store(bias_sums + i, load(bias_sums + i) + slope);
      store(weight_sums + i, load(weight_sums + i) + slope * normed);
    }
    const float a = sum_of(sums) * share;
    const float b = sum_of(products) * share;
    for (std::int64_t i = 0; i < width; i += kLanes) {
      const Floats normed = (read(x + i) - mean) * factor;
      Floats slope = (read(y + i) * read(norm.weight + i) - a - normed * b) * factor;
      if (slopes.added != nullptr) slope += read(slopes.added + row * width + i);
      write(slopes.x + row * width + i, slope);
    }
  }
}

}  // namespace
}  // namespace skillit
