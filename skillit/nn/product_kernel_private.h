#pragma once

#include "skillit/nn/simd_private.h"

namespace skillit {
namespace {

constexpr std::int64_t kTileRows = 6;  ///< Six rows of two vectors: as many sums as registers hold.

/// sums [kCount rows, 16] += a [kCount, depth] * b [depth, 16].
template <int kCount>
inline void add_products(View a, const float* b, std::int64_t b_row, std::int64_t depth,
                         Floats (&sums)[kCount][2]) {
  for (std::int64_t d = 0; d < depth; ++d) {
    const Floats b0 = load(b + d * b_row);
    const Floats b1 = load(b + d * b_row + kLanes);
    for (int i = 0; i < kCount; ++i) {
      const float factor = a.at[i * a.row + d * a.step];
      sums[i][0] += factor * b0;
      sums[i][1] += factor * b1;
    }
  }
}

void pack(const float* matrix, std::int64_t rows, std::int64_t columns, bool turned, float* out) {
  for (std::int64_t j = 0; j < columns; j += kPanel) {
    for (std::int64_t i = 0; i < rows; ++i, out += kPanel) {
      if (turned) {
        for (std::int64_t c = 0; c < kPanel; ++c) out[c] = matrix[(j + c) * rows + i];
      } else {
        store(out, load(matrix + i * columns + j));
        store(out + kLanes, load(matrix + i * columns + j + kLanes));
      }
    }
  }
}

template <int kCount>
inline void multiply_tile(const Product& p, std::int64_t row, std::int64_t column) {
  Floats sums[kCount][2]{};
  if (p.bias != nullptr) {
    for (auto& sum : sums) {
      sum[0] = load(p.bias + column);
      sum[1] = load(p.bias + column + kLanes);
    }
  }
  add_products<kCount>({p.x + row * p.depth, p.depth}, p.panels + column * p.depth, kPanel, p.depth,
                       sums);
  for (std::int64_t i = 0; i < kCount; ++i) {
    const std::int64_t at = (row + i) * p.columns + column;
    for (int half = 0; half < 2; ++half) {
      Floats sum = sums[i][half];
      if (p.added != nullptr) sum += load(p.added + at + half * kLanes);
      store(p.y + at + half * kLanes, sum);
    }
  }
}

void multiply(const Product& product, std::int64_t begin, std::int64_t end) {
  const Product p = product;  // Not where a store might change it.
  for (std::int64_t row = begin; row < end;) {
    const bool whole = row + kTileRows <= end;
    for (std::int64_t column = 0; column < p.columns; column += kPanel) {
      if (whole)
        multiply_tile<kTileRows>(p, row, column);
      else
        multiply_tile<1>(p, row, column);
    }
    row += whole ? kTileRows : 1;
  }
}

/// Rows i .. i + kCount - 1 of the gradient, of all its columns, += what `depth` rows of slopes and
/// the panels of as many of x give.
template <int kCount>
inline void add_rows(const WeightGradient& g, const float* slopes, const float* panels,
                     std::int64_t depth, std::int64_t i) {
  for (std::int64_t column = 0; column < g.in; column += kPanel) {
    float* const at = g.weight + i * g.in + column;
    Floats sums[kCount][2];
    for (int row = 0; row < kCount; ++row) {
      sums[row][0] = load(at + row * g.in);
      sums[row][1] = load(at + row * g.in + kLanes);
    }
    add_products<kCount>({slopes + i, 1, g.out}, panels + column * depth, kPanel, depth, sums);
    for (int row = 0; row < kCount; ++row) {
      store(at + row * g.in, sums[row][0]);
      store(at + row * g.in + kLanes, sums[row][1]);
    }
  }
}

/// sums [16] += the columns' sums. Four additions at a time need not wait for each other.
inline void add_columns(const float* in, std::int64_t row, std::int64_t depth, float* sums) {
  Floats parts[2][2]{};
  for (std::int64_t d = 0; d < depth; ++d) {
    parts[d % 2][0] += load(in + d * row);
    parts[d % 2][1] += load(in + d * row + kLanes);
  }
  store(sums, load(sums) + (parts[0][0] + parts[1][0]));
  store(sums + kLanes, load(sums + kLanes) + (parts[0][1] + parts[1][1]));
}

void add_weight_gradient(const WeightGradient& gradient, std::int64_t begin, std::int64_t end,
                         float* scratch) {
  const WeightGradient g = gradient;
  for (std::int64_t first = 0; first < g.rows; first += kGradientDepth) {
    const std::int64_t depth = smaller(kGradientDepth, g.rows - first);
    const float* const slopes = g.slopes + first * g.out;
    pack(g.x + first * g.in, depth, g.in, false, scratch);
    std::int64_t i = begin;
    for (; i + 6 <= end; i += 6) add_rows<6>(g, slopes, scratch, depth, i);
    for (; i + 4 <= end; i += 4) add_rows<4>(g, slopes, scratch, depth, i);
    for (; i < end; i += 2) add_rows<2>(g, slopes, scratch, depth, i);
    for (i = begin; g.bias != nullptr && i < end; i += kPanel)
      add_columns(slopes + i, g.out, depth, g.bias + i);
  }
}

}  // namespace
}  // namespace skillit
