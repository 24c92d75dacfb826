#pragma once

#include "skillit/nn/simd_private.h"

namespace skillit {
namespace {

/// Rows of a tile: twelve sums, as many as registers hold besides their factors.
constexpr std::int64_t kTileRows = 12 / kPanelVectors;
using Panel = Floats[kPanelVectors];  ///< A row of a panel.

inline void load_panel(Panel& out, const float* at) {
  for (int v = 0; v < kPanelVectors; ++v) out[v] = load(at + v * kLanes);
}
inline void store_panel(float* at, const Panel& from) {
  for (int v = 0; v < kPanelVectors; ++v) store(at + v * kLanes, from[v]);
}

/// sums [kCount rows, 16] += a [kCount, depth] * the panel b [depth, 16].
template <int kCount>
inline void add_products(View a, const float* b, std::int64_t depth, Panel (&sums)[kCount]) {
  for (std::int64_t d = 0; d < depth; ++d) {
    Panel row;
    load_panel(row, b + d * kPanel);
#pragma GCC unroll 16
    for (int i = 0; i < kCount; ++i) {
      const float factor = a.at[i * a.row + d * a.step];
      for (int v = 0; v < kPanelVectors; ++v) sums[i][v] += factor * row[v];
    }
  }
}

void pack(const float* matrix, std::int64_t rows, std::int64_t columns, bool turned, float* out) {
  for (std::int64_t j = 0; j < columns; j += kPanel) {
    for (std::int64_t i = 0; i < rows; ++i, out += kPanel) {
      if (turned) {
        for (std::int64_t c = 0; c < kPanel; ++c) out[c] = matrix[(j + c) * rows + i];
      } else {
        Panel row;
        load_panel(row, matrix + i * columns + j);
        store_panel(out, row);
      }
    }
  }
}

template <int kCount>
inline void multiply_tile(const Product& p, std::int64_t row, std::int64_t column) {
  Panel bias{};
  if (p.bias != nullptr) load_panel(bias, p.bias + column);
  Panel sums[kCount];
#pragma GCC unroll 16
  for (int i = 0; i < kCount; ++i) {
    for (int v = 0; v < kPanelVectors; ++v) sums[i][v] = bias[v];
  }
  add_products<kCount>({p.x + row * p.depth, p.depth}, p.panels + column * p.depth, p.depth, sums);
#pragma GCC unroll 16
  for (std::int64_t i = 0; i < kCount; ++i) {
    const std::int64_t at = (row + i) * p.columns + column;
    for (int v = 0; v < kPanelVectors; ++v) {
      Floats sum = sums[i][v];
      if (p.factor != nullptr) sum *= load(p.factor + at + v * kLanes);
      if (p.added != nullptr) sum += load(p.added + at + v * kLanes);
      store(p.y + at + v * kLanes, sum);
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
    Panel sums[kCount];
#pragma GCC unroll 16
    for (int row = 0; row < kCount; ++row) load_panel(sums[row], at + row * g.in);
    add_products<kCount>({slopes + i, 1, g.out}, panels + column * depth, depth, sums);
#pragma GCC unroll 16
    for (int row = 0; row < kCount; ++row) store_panel(at + row * g.in, sums[row]);
  }
}

/// sums [16] += the columns' sums. Four additions at a time need not wait for each other.
inline void add_columns(const float* in, std::int64_t row, std::int64_t depth, float* sums) {
  constexpr std::int64_t kParts = 4 / kPanelVectors;
  Panel parts[kParts]{};
  for (std::int64_t d = 0; d < depth; ++d) {
    for (int v = 0; v < kPanelVectors; ++v) parts[d % kParts][v] += load(in + d * row + v * kLanes);
  }
  for (int v = 0; v < kPanelVectors; ++v) {
    Floats sum = parts[0][v] + parts[1][v];
    if constexpr (kParts == 4) sum += parts[2][v] + parts[3][v];
    store(sums + v * kLanes, load(sums + v * kLanes) + sum);
  }
}

void add_weight_gradient(const WeightGradient& gradient, std::int64_t begin, std::int64_t end,
                         float* scratch) {
  const WeightGradient g = gradient;
  for (std::int64_t first = 0; first < g.rows; first += kGradientDepth) {
    const std::int64_t depth = smaller(kGradientDepth, g.rows - first);
    const float* const slopes = g.slopes + first * g.out;
    pack(g.x + first * g.in, depth, g.in, false, scratch);
    std::int64_t i = begin;
    if constexpr (kPanelVectors == 1) {
      for (; i < end; i += 16) add_rows<16>(g, slopes, scratch, depth, i);
    }
    for (; i + 6 <= end; i += 6) add_rows<6>(g, slopes, scratch, depth, i);
    for (; i + 4 <= end; i += 4) add_rows<4>(g, slopes, scratch, depth, i);
    for (; i < end; i += 2) add_rows<2>(g, slopes, scratch, depth, i);
    for (i = begin; g.bias != nullptr && i < end; i += kPanel)
      add_columns(slopes + i, g.out, depth, g.bias + i);
  }
}

}  // namespace
}  // namespace skillit
