#pragma once

#include "skillit/nn/simd_private.h"

namespace skillit {
namespace {

constexpr std::int64_t kRows = 4;      ///< Of a product's tile,
constexpr std::int64_t kColumns = 16;  ///< and its columns: eight vectors that stay in registers.
constexpr std::int64_t kQueries = 16;  ///< Worked on together.

constexpr std::int64_t round_up(std::int64_t x, std::int64_t unit) {
  return (x + unit - 1) / unit * unit;
}

/// A tile [4, 16] of `out` = a [4, depth] * b [depth, 16], added to what is there when kAdd.
template <bool kAdd>
inline void tile_product(View a, const float* b, std::int64_t b_row, std::int64_t depth, float* out,
                         std::int64_t out_row) {
  Floats sums[kRows][2];
  for (int i = 0; i < kRows; ++i) {
    sums[i][0] = kAdd ? load(out + i * out_row) : Floats{};
    sums[i][1] = kAdd ? load(out + i * out_row + kLanes) : Floats{};
  }
  for (std::int64_t d = 0; d < depth; ++d) {
    const Floats b0 = load(b + d * b_row);
    const Floats b1 = load(b + d * b_row + kLanes);
    for (int i = 0; i < kRows; ++i) {
      const float factor = a.at[i * a.row + d * a.step];
      sums[i][0] += factor * b0;
      sums[i][1] += factor * b1;
    }
  }
  for (int i = 0; i < kRows; ++i) {
    store(out + i * out_row, sums[i][0]);
    store(out + i * out_row + kLanes, sums[i][1]);
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

/// One row of a head times `factor`, its first 2 * half numbers turned forwards or back.
template <bool kBack, typename From, typename To, typename Number>
inline void turn_row(const From* from, const Number* cosines, const Number* sines,
                     std::int64_t half, std::int64_t width, float factor, To* to) {
  std::int64_t e = 0;
  for (; e + kLanes <= half; e += kLanes) {
    const Floats cosine = read(cosines + e) * factor;
    const Floats sine = read(sines + e) * factor;
    const Floats a = read(from + e);
    const Floats b = read(from + e + half);
    write(to + e, kBack ? a * cosine + b * sine : a * cosine - b * sine);
    write(to + e + half, kBack ? b * cosine - a * sine : b * cosine + a * sine);
  }
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
inline void swap_quarters(Floats (&rows)[kLanes], Ints upper, Ints lower) {
  for (int i = 0; i < kLanes; ++i) {
    if (i & kStep) continue;
    const Floats a = rows[i];
    const Floats b = rows[i + kStep];
    rows[i] = __builtin_shuffle(a, b, upper);
    rows[i + kStep] = __builtin_shuffle(a, b, lower);
  }
}

/// [rows, columns] -> [columns, rows]; both are multiples of 8.
inline void turn(const float* in, std::int64_t rows, std::int64_t columns, float* out) {
  for (std::int64_t i = 0; i < rows; i += kLanes) {
    for (std::int64_t j = 0; j < columns; j += kLanes) {
      Floats square[kLanes];
      for (int r = 0; r < kLanes; ++r) square[r] = load(in + (i + r) * columns + j);
      swap_quarters<4>(square, Ints{0, 1, 2, 3, 8, 9, 10, 11}, Ints{4, 5, 6, 7, 12, 13, 14, 15});
      swap_quarters<2>(square, Ints{0, 1, 8, 9, 4, 5, 12, 13}, Ints{2, 3, 10, 11, 6, 7, 14, 15});
      swap_quarters<1>(square, Ints{0, 8, 2, 10, 4, 12, 6, 14}, Ints{1, 9, 3, 11, 5, 13, 7, 15});
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

/// What a query does not see gets the weight e^-inf.
inline void hide(const Band& band, std::int64_t query, std::int64_t first_seen, float* products) {
  for (std::int64_t j = band.begin; j < first_seen; ++j) products[j] = -__builtin_inff();
  for (std::int64_t j = band.first + query + 1; j < band.end; ++j) products[j] = -__builtin_inff();
}

/// One row of products -> the exponentials of what they exceed the largest by. @return the largest
/// and one over the sum.
inline SoftmaxTotal exponentials(float* row, std::int64_t begin, std::int64_t end) {
  Floats most = load(row + begin);
  for (std::int64_t j = begin + kLanes; j < end; j += kLanes) most = larger(most, load(row + j));
  const float largest = largest_of(most);
  Floats sums{};
  for (std::int64_t j = begin; j < end; j += kLanes) {
    const Floats x = exp_of(load(row + j) - largest);
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
        hide(band, i, first_key(shape, input.starts, first + i), products);
        totals[head * shape.length + first + i] = exponentials(products, band.begin, band.end);
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
inline void softmax_back(const Band& band, SoftmaxTotal total, float* weights, float* slopes) {
  Floats sums{};
  for (std::int64_t j = band.begin; j < band.end; j += kLanes) {
    const Floats weight = exp_of(load(weights + j) - total.largest) * total.one_over_sum;
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
        hide(band, i, first_key(shape, input.starts, first + i), products);
        softmax_back(band, totals[head * shape.length + first + i], products, product_slopes);
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
