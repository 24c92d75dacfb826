#pragma once

#include "skillit/nn/simd_private.h"

namespace skillit {
namespace {

constexpr std::int64_t kColumns = 16;  ///< Of a product's tile,
constexpr std::int64_t kRowVectors = kColumns / kLanes;
constexpr std::int64_t kRows = 8 / kRowVectors;  ///< and its rows: eight vectors, in registers.
constexpr std::int64_t kQueries = 16;            ///< Worked on together.

constexpr std::int64_t round_up(std::int64_t x, std::int64_t unit) {
  return (x + unit - 1) / unit * unit;
}

/// A tile [kRows, 16] of `out` = a [kRows, depth] * b [depth, 16], added to what is there when
/// kAdd.
template <bool kAdd>
inline void tile_product(View a, const float* b, std::int64_t b_row, std::int64_t depth, float* out,
                         std::int64_t out_row) {
  Floats sums[kRows][kRowVectors];
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
    for (int v = 0; v < kRowVectors; ++v)
      sums[i][v] = kAdd ? load(out + i * out_row + v * kLanes) : Floats{};
  }
  for (std::int64_t d = 0; d < depth; ++d) {
    Floats row[kRowVectors];
    for (int v = 0; v < kRowVectors; ++v) row[v] = load(b + d * b_row + v * kLanes);
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
      const float factor = a.at[i * a.row + d * a.step];
      for (int v = 0; v < kRowVectors; ++v) sums[i][v] += factor * row[v];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
    for (int v = 0; v < kRowVectors; ++v) store(out + i * out_row + v * kLanes, sums[i][v]);
  }
}

/// Scratch memory of one call: matrices with places padded to tiles, and zeros in the padding.
struct Scratch {
  Scratch(const AttentionShape& shape, float* memory)
      : length(round_up(shape.length, kColumns)), width(round_up(shape.head_width, kColumns)) {
    const std::int64_t matrix = length * width;
    float** const all[] = {&queries, &keys,       &values,       &turned_keys, &turned_values,
                           &mixed,   &key_slopes, &value_slopes, &query_slopes};
    for (float** part : all) {
      *part = memory;
      memory += matrix;
    }
    products = memory;
    product_slopes = memory + kQueries * length;
  }
  static std::int64_t size(const AttentionShape& shape) {
    const std::int64_t length = round_up(shape.length, kColumns);
    return length * (9 * round_up(shape.head_width, kColumns) + 2 * kQueries);
  }
  std::int64_t length, width;
  float *queries, *keys, *values, *turned_keys, *turned_values;  // "turned" = [width, length].
  float *mixed, *key_slopes, *value_slopes, *query_slopes;
  float *products, *product_slopes;  // [kQueries, length]
};

inline void clear(float* at, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) at[i] = 0;
}

/// The pairs e .. of a row of a head, kCount at a time, as turn_row. @return where it stopped.
template <std::int64_t kCount, bool kBack, typename From, typename To, typename Number>
inline std::int64_t turn_pairs(std::int64_t e, const From* from, const Number* cosines,
                               const Number* sines, std::int64_t half, float factor, To* to) {
  for (; e + kCount <= half; e += kCount) {
    const auto cosine = read<kCount>(cosines + e) * factor;
    const auto sine = read<kCount>(sines + e) * factor;
    const auto a = read<kCount>(from + e);
    const auto b = read<kCount>(from + e + half);
    write<kCount>(to + e, kBack ? a * cosine + b * sine : a * cosine - b * sine);
    write<kCount>(to + e + half, kBack ? b * cosine - a * sine : b * cosine + a * sine);
  }
  return e;
}

/// One row of a head times `factor`, its first 2 * half numbers turned forwards or back.
template <bool kBack, typename From, typename To, typename Number>
inline void turn_row(const From* from, const Number* cosines, const Number* sines,
                     std::int64_t half, std::int64_t width, float factor, To* to) {
  std::int64_t e = turn_pairs<kLanes, kBack>(0, from, cosines, sines, half, factor, to);
  if constexpr (kLanes > 8) e = turn_pairs<8, kBack>(e, from, cosines, sines, half, factor, to);
  for (; e < half; ++e) {
    const float cosine = number(cosines[e]) * factor;
    const float sine = number(sines[e]) * factor;
    const float a = number(from[e]);
    const float b = number(from[e + half]);
    put(to[e], kBack ? a * cosine + b * sine : a * cosine - b * sine);
    put(to[e + half], kBack ? b * cosine - a * sine : b * cosine + a * sine);
  }
  e = 2 * half;
  for (; e + kLanes <= width; e += kLanes) write(to + e, read(from + e) * factor);
  for (; e < width; ++e) put(to[e], number(from[e]) * factor);
}

/// One head's columns of the rows -> [length, width], turned by its place, times `factor`.
template <typename Number>
void read_head(const AttentionShape& shape, const AttentionInput<Number>& input,
               const Number* column, std::int64_t row, bool rotated, float factor,
               const Scratch& scratch, float* out) {
  const std::int64_t half = rotated ? shape.rotary_half : 0;
  if (scratch.width != shape.head_width) clear(out, scratch.length * scratch.width);
  for (std::int64_t t = 0; t < shape.length; ++t) {
    turn_row<false>(column + t * row, input.cosine + t * half, input.sine + t * half, half,
                    shape.head_width, factor, out + t * scratch.width);
  }
  const std::int64_t padding = scratch.length - shape.length;
  clear(out + shape.length * scratch.width, padding * scratch.width);
}

/// The other way: [length, width] turned back, times `factor` -> one head's columns.
template <typename Number>
void write_head(const AttentionShape& shape, const AttentionInput<Number>& input, const float* in,
                std::int64_t width, bool rotated, float factor, Number* column, std::int64_t row) {
  const std::int64_t half = rotated ? shape.rotary_half : 0;
  for (std::int64_t t = 0; t < shape.length; ++t) {
    turn_row<true>(in + t * width, input.cosine + t * half, input.sine + t * half, half,
                   shape.head_width, factor, column + t * row);
  }
}

/// Swaps the upper right and the lower left quarters of every square of 2 * kStep rows and columns.
template <int kStep>
inline void swap_quarters(Floats (&rows)[kLanes]) {
  Ints upper, lower;  // Lanes of two rows side by side.
  for (int i = 0; i < kLanes; ++i) {
    const bool right = (i & kStep) != 0;
    upper[i] = right ? kLanes + (i ^ kStep) : i;
    lower[i] = right ? kLanes + i : i ^ kStep;
  }
  for (int i = 0; i < kLanes; ++i) {
    if (i & kStep) continue;
    const Floats a = rows[i];
    const Floats b = rows[i + kStep];
    rows[i] = __builtin_shuffle(a, b, upper);
    rows[i + kStep] = __builtin_shuffle(a, b, lower);
  }
}

/// [rows, columns] -> [columns, rows]; both are multiples of 16.
inline void turn(const float* in, std::int64_t rows, std::int64_t columns, float* out) {
  for (std::int64_t i = 0; i < rows; i += kLanes) {
    for (std::int64_t j = 0; j < columns; j += kLanes) {
      Floats square[kLanes];
      for (int r = 0; r < kLanes; ++r) square[r] = load(in + (i + r) * columns + j);
      if constexpr (kLanes > 8) swap_quarters<8>(square);
      swap_quarters<4>(square);
      swap_quarters<2>(square);
      swap_quarters<1>(square);
      for (int r = 0; r < kLanes; ++r) store(out + (j + r) * rows + i, square[r]);
    }
  }
}

inline std::int64_t first_key(const AttentionShape& shape, const std::int64_t* starts,
                              std::int64_t place) {
  const std::int64_t windowed =
      shape.window > 0 && place >= shape.window ? place - shape.window + 1 : 0;
  const std::int64_t start = starts == nullptr ? 0 : starts[place];
  return start > windowed ? start : windowed;
}

/// Some queries in a row and the keys, in whole tiles, that any of them sees.
struct Band {
  Band(const AttentionShape& shape, const std::int64_t* starts, std::int64_t first_query)
      : first(first_query),
        queries(smaller(kQueries, shape.length - first_query)),
        rows(round_up(queries, kRows)),
        begin(first_key(shape, starts, first_query) / kColumns * kColumns),
        end(round_up(first_query + queries, kColumns)) {}
  std::int64_t first, queries, rows, begin, end;
};

/// products [rows, begin .. end) = in [rows of the band] * turned.
inline void multiply_keys(const Band& band, const Scratch& s, const float* in, const float* turned,
                          float* products) {
  for (std::int64_t j = band.begin; j < band.end; j += kColumns) {
    for (std::int64_t i = 0; i < band.rows; i += kRows) {
      tile_product<false>({in + (band.first + i) * s.width, s.width}, turned + j, s.length, s.width,
                          products + i * s.length + j, s.length);
    }
  }
}

/// out [rows of the band] = weights [rows, begin .. end) * in.
inline void mix(const Band& band, const Scratch& s, const float* weights, const float* in,
                float* out) {
  for (std::int64_t d = 0; d < s.width; d += kColumns) {
    for (std::int64_t i = 0; i < band.rows; i += kRows) {
      const std::int64_t seen = smaller(band.first + i + kRows, band.end) - band.begin;
      tile_product<false>({weights + i * s.length + band.begin, s.length},
                          in + band.begin * s.width + d, s.width, seen,
                          out + (band.first + i) * s.width + d, s.width);
    }
  }
}

/// out [begin .. end) += weights [rows, begin .. end) turned, * in [rows of the band].
inline void spread(const Band& band, const Scratch& s, const float* weights, const float* in,
                   float* out) {
  for (std::int64_t j = band.begin; j < smaller(band.end, band.first + band.rows); j += kRows) {
    for (std::int64_t d = 0; d < s.width; d += kColumns) {
      tile_product<true>({weights + j, 1, s.length}, in + band.first * s.width + d, s.width,
                         band.rows, out + j * s.width + d, s.width);
    }
  }
}

/// The keys that a query sees: `first` and those after it up to its own place.
struct Seen {
  std::int64_t first, last;

  /// Products of the keys j .. j + kLanes - 1, with -inf, whose exponential is 0, at the unseen.
  [[nodiscard]] Floats only(const float* products, std::int64_t j) const {
    Ints key;
    for (int i = 0; i < kLanes; ++i) key[i] = i;
    const auto from = static_cast<std::int32_t>(first - j);
    const auto to = static_cast<std::int32_t>(last - j);
    return (key < from) | (key > to) ? all(-__builtin_inff()) : load(products + j);
  }
};

/// One row of products -> the exponentials of what they exceed the largest by. @return the largest
/// and one over the sum.
inline SoftmaxTotal exponentials(const Band& band, Seen seen, float* row) {
  Floats most = all(-__builtin_inff());
  for (std::int64_t j = band.begin; j < band.end; j += kLanes)
    most = larger(most, seen.only(row, j));
  const float largest = largest_of(most);
  Floats sums{};
  for (std::int64_t j = band.begin; j < band.end; j += kLanes) {
    const Floats x = exp_of(seen.only(row, j) - largest);
    sums += x;
    store(row + j, x);
  }
  return {largest, 1 / sum_of(sums)};
}

inline void scale_row(float* row, std::int64_t count, float factor) {
  for (std::int64_t j = 0; j < count; j += kLanes) store(row + j, load(row + j) * factor);
}

template <typename Number>
void attend(const AttentionShape& shape, const AttentionInput<Number>& input, std::int64_t kv_head,
            Number* mixed, SoftmaxTotal* totals, float* memory) {
  const Scratch s(shape, memory);
  const std::int64_t row = shape.row(), width = shape.head_width;
  const std::int64_t repeats = shape.heads / shape.kv_heads;
  const Number* const keys = input.rows + (shape.heads + kv_head) * width;
  read_head(shape, input, keys, row, true, 1, s, s.keys);
  read_head(shape, input, keys + shape.kv_heads * width, row, false, 1, s, s.values);
  turn(s.keys, s.length, s.width, s.turned_keys);
  for (std::int64_t head = kv_head * repeats; head < (kv_head + 1) * repeats; ++head) {
    read_head(shape, input, input.rows + head * width, row, true, shape.scale, s, s.queries);
    for (std::int64_t first = 0; first < shape.length; first += kQueries) {
      const Band band(shape, input.starts, first);
      multiply_keys(band, s, s.queries, s.turned_keys, s.products);
      for (std::int64_t i = 0; i < band.rows; ++i) {
        float* const products = s.products + i * s.length;
        if (i >= band.queries) {
          clear(products + band.begin, band.end - band.begin);
          continue;
        }
        const Seen seen{first_key(shape, input.starts, first + i), first + i};
        totals[head * shape.length + first + i] = exponentials(band, seen, products);
      }
      mix(band, s, s.products, s.values, s.mixed);
      for (std::int64_t i = 0; i < band.queries; ++i) {
        scale_row(s.mixed + (first + i) * s.width, s.width,
                  totals[head * shape.length + first + i].one_over_sum);
      }
    }
    write_head(shape, input, s.mixed, s.width, false, 1, mixed + head * width, shape.heads * width);
  }
}

/// A row of products -> weights, and the gradient of the weights -> that of the products.
inline void softmax_back(const Band& band, Seen seen, SoftmaxTotal total, float* weights,
                         float* slopes) {
  Floats sums{};
  for (std::int64_t j = band.begin; j < band.end; j += kLanes) {
    const Floats weight = exp_of(seen.only(weights, j) - total.largest) * total.one_over_sum;
    sums += weight * load(slopes + j);
    store(weights + j, weight);
  }
  const float mean = sum_of(sums);
  for (std::int64_t j = band.begin; j < band.end; j += kLanes)
    store(slopes + j, load(weights + j) * (load(slopes + j) - mean));
}

template <typename Number>
void attend_back(const AttentionShape& shape, const AttentionInput<Number>& input,
                 std::int64_t kv_head, const Number* mixed_slopes, const SoftmaxTotal* totals,
                 Number* slopes, float* memory) {
  const Scratch s(shape, memory);
  const std::int64_t row = shape.row(), width = shape.head_width;
  const std::int64_t repeats = shape.heads / shape.kv_heads;
  const std::int64_t keys = (shape.heads + kv_head) * width;
  const std::int64_t values = keys + shape.kv_heads * width;
  read_head(shape, input, input.rows + keys, row, true, 1, s, s.keys);
  read_head(shape, input, input.rows + values, row, false, 1, s, s.values);
  turn(s.keys, s.length, s.width, s.turned_keys);
  turn(s.values, s.length, s.width, s.turned_values);
  clear(s.key_slopes, s.length * s.width);
  clear(s.value_slopes, s.length * s.width);
  for (std::int64_t head = kv_head * repeats; head < (kv_head + 1) * repeats; ++head) {
    read_head(shape, input, input.rows + head * width, row, true, shape.scale, s, s.queries);
    read_head(shape, input, mixed_slopes + head * width, shape.heads * width, false, 1, s, s.mixed);
    for (std::int64_t first = 0; first < shape.length; first += kQueries) {
      const Band band(shape, input.starts, first);
      multiply_keys(band, s, s.queries, s.turned_keys, s.products);
      multiply_keys(band, s, s.mixed, s.turned_values, s.product_slopes);
      for (std::int64_t i = 0; i < band.rows; ++i) {
        float* const products = s.products + i * s.length;
        float* const product_slopes = s.product_slopes + i * s.length;
        if (i >= band.queries) {
          clear(products + band.begin, band.end - band.begin);
          clear(product_slopes + band.begin, band.end - band.begin);
          continue;
        }
        const Seen seen{first_key(shape, input.starts, first + i), first + i};
        softmax_back(band, seen, totals[head * shape.length + first + i], products, product_slopes);
      }
      mix(band, s, s.product_slopes, s.keys, s.query_slopes);
      spread(band, s, s.product_slopes, s.queries, s.key_slopes);
      spread(band, s, s.products, s.mixed, s.value_slopes);
    }
    write_head(shape, input, s.query_slopes, s.width, true, shape.scale, slopes + head * width,
               row);
  }
  write_head(shape, input, s.key_slopes, s.width, true, 1, slopes + keys, row);
  write_head(shape, input, s.value_slopes, s.width, false, 1, slopes + values, row);
}

}  // namespace
}  // namespace skillit
