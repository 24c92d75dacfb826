#include <cuda_runtime.h>

#include <type_traits>

#include "skillit/nn/gpu_attention_private.h"
#include "skillit/nn/gpu_numbers_private.h"

namespace skillit::gpu {
namespace {

constexpr int kWarp = 32;
constexpr int kPad = 4;  ///< Floats between rows in shared memory, against bank conflicts.

/// Threads of a block, and rows of its matrices.
__host__ __device__ int rows_for(std::int64_t length) {
  return static_cast<int>((length + kWarp - 1) / kWarp * kWarp);
}

/// A row in a thread's registers, and what is done with it and a row in shared memory, which the
/// other threads of the warp read at the same time.
template <int kWidth>
struct Row {
  float4 at[kWidth / 4];

  __device__ static Row of(const float* from) {
    Row row;
#pragma unroll
    for (int i = 0; i < kWidth / 4; ++i) row.at[i] = reinterpret_cast<const float4*>(from)[i];
    return row;
  }
  __device__ void put(float* to) const {
#pragma unroll
    for (int i = 0; i < kWidth / 4; ++i) reinterpret_cast<float4*>(to)[i] = at[i];
  }
  __device__ float times(const float* other) const {
    float4 sums{};
#pragma unroll
    for (int i = 0; i < kWidth / 4; ++i) {
      const float4 y = reinterpret_cast<const float4*>(other)[i];
      sums.x += at[i].x * y.x;
      sums.y += at[i].y * y.y;
      sums.z += at[i].z * y.z;
      sums.w += at[i].w * y.w;
    }
    return (sums.x + sums.y) + (sums.z + sums.w);
  }
  __device__ void add(float factor, const float* other) {
#pragma unroll
    for (int i = 0; i < kWidth / 4; ++i) {
      const float4 y = reinterpret_cast<const float4*>(other)[i];
      at[i].x += factor * y.x;
      at[i].y += factor * y.y;
      at[i].z += factor * y.z;
      at[i].w += factor * y.w;
    }
  }
  __device__ void scale(float factor) {
    for (float4& x : at) x = {x.x * factor, x.y * factor, x.z * factor, x.w * factor};
  }
};

/// One head of one sequence: a block, of whose threads each has a place.
template <int kWidth>
struct FloatHead {
  static constexpr int kStride = kWidth + kPad;
  const ShortAttention& input;
  int sequence, head, length, rows, place;
  int first_key;  ///< That this place sees; the last one is its own.

  __device__ explicit FloatHead(const ShortAttention& of)
      : input(of),
        sequence(static_cast<int>(blockIdx.x / of.heads)),
        head(static_cast<int>(blockIdx.x % of.heads)),
        length(static_cast<int>(of.length)),
        rows(static_cast<int>(blockDim.x)),
        place(static_cast<int>(threadIdx.x)),
        first_key(0) {
    if (place >= length) {
      first_key = rows;  // Nothing.
      return;
    }
    if (of.starts != nullptr) first_key = static_cast<int>(of.starts[sequence * of.length + place]);
    if (of.window > 0) first_key = max(first_key, place - static_cast<int>(of.window) + 1);
  }

  /// Of matrix i in shared memory, [rows, kStride].
  __device__ float* row(float* memory, int i, int t) const {
    return memory + (i * rows + t) * kStride;
  }
  /// Of square i behind `wide` such matrices, [rows, rows + 1].
  __device__ float* square(float* memory, int wide, int i) const {
    return memory + wide * rows * kStride + i * rows * (rows + 1) + place * (rows + 1);
  }
  __device__ bool sees(int key) const { return key >= first_key && key <= place; }

  /// Queries, keys and values (0 to 2) at place t of all heads.
  __device__ std::int64_t offset(int part, int t) const {
    return ((sequence * input.length + t) * 3 + part) * input.heads * kWidth + head * kWidth;
  }
  __device__ std::int64_t mixed_offset(int t) const {
    return (sequence * input.length + t) * input.heads * kWidth + head * kWidth;
  }

  /// Calls work(t, e) for four elements at a time, those of a row by threads side by side.
  template <typename Work>
  __device__ void for_each_four(int count, const Work& work) const {
    constexpr int kFours = kWidth / 4;
    for (int four = place; four < count * kFours; four += rows)
      work(four / kFours, four % kFours * 4);
  }
  /// Matrices 0 to 2, the first two turned by their places, and `mixed` as the fourth where it is
  /// not null.
  __device__ void load(float* memory, const float* mixed) const {
    const auto* const from = static_cast<const float*>(input.rows);
    for_each_four(rows, [&](int t, int e) {
      for (int part = 0; part < (mixed == nullptr ? 3 : 4); ++part) {
        const float* const at = part == 3 ? mixed + mixed_offset(t) : from + offset(part, t);
        *reinterpret_cast<float4*>(row(memory, part, t) + e) =
            t < length ? *reinterpret_cast<const float4*>(at + e) : float4{};
      }
    });
    __syncthreads();
    turn(memory, 1);
    __syncthreads();
  }
  /// This thread's query and key, forwards or back (direction -1).
  __device__ void turn(float* memory, float direction) const {
    const int half = static_cast<int>(input.rotary_half);
    if (half == 0 || place >= length) return;
    for (int part = 0; part < 2; ++part) {
      float* const own = row(memory, part, place);
      for (int pair = 0; pair < half; ++pair) {
        const float cosine = static_cast<const float*>(input.cosine)[place * half + pair];
        const float sine = direction * static_cast<const float*>(input.sine)[place * half + pair];
        const float first = own[pair], second = own[pair + half];
        own[pair] = first * cosine - second * sine;
        own[pair + half] = second * cosine + first * sine;
      }
    }
  }
  template <typename Offset>
  __device__ void store(float* memory, int matrix, float* to, const Offset& offset_of) const {
    for_each_four(length, [&](int t, int e) {
      *reinterpret_cast<float4*>(to + offset_of(t) + e) =
          *reinterpret_cast<const float4*>(row(memory, matrix, t) + e);
    });
  }
  /// This query's products with all keys, times the scale. @return the largest.
  __device__ float score(float* memory, float* scores) const {
    const auto query = Row<kWidth>::of(row(memory, 0, place));
    float top = -INFINITY;
#pragma unroll 4
    for (int key = 0; key < length; ++key) {
      const float score = query.times(row(memory, 1, key)) * input.scale;
      scores[key] = score;
      if (sees(key)) top = fmaxf(top, score);
    }
    return top;
  }
};

template <int kWidth>
__global__ void attend_floats_kernel(ShortAttention input, float* mixed) {
  extern __shared__ __align__(16) float memory[];
  const FloatHead<kWidth> own(input);
  float* const scores = own.square(memory, 3, 0);
  own.load(memory, nullptr);
  const float top = own.score(memory, scores);
  float total = 0;
  Row<kWidth> sum{};
#pragma unroll 4
  for (int key = 0; key < own.length; ++key) {
    const float weight = own.sees(key) ? __expf(scores[key] - top) : 0.0F;
    total += weight;
    sum.add(weight, own.row(memory, 2, key));
  }
  sum.scale(total > 0 ? 1 / total : 0);
  sum.put(own.row(memory, 0, own.place));  // Nobody else reads this query.
  __syncthreads();
  own.store(memory, 0, mixed, [&](int t) { return own.mixed_offset(t); });
}

/// First each thread has a query: its weights and the gradients of its products stay in shared
/// memory. Then each has a key and a value, which add up what the queries give.
template <int kWidth>
__global__ void attend_floats_back_kernel(ShortAttention input, const float* mixed_slopes,
                                          float* slopes) {
  extern __shared__ __align__(16) float memory[];
  const FloatHead<kWidth> own(input);
  float* const weights = own.square(memory, 4, 0);
  float* const products = own.square(memory, 4, 1);
  own.load(memory, mixed_slopes);
  const float top = own.score(memory, weights);
  const auto outer = Row<kWidth>::of(own.row(memory, 3, own.place));
  float total = 0, mean = 0;
#pragma unroll 4
  for (int key = 0; key < own.length; ++key) {
    const float weight = own.sees(key) ? __expf(weights[key] - top) : 0.0F;
    const float slope = outer.times(own.row(memory, 2, key));
    total += weight;
    mean += weight * slope;
    weights[key] = weight;
    products[key] = slope;
  }
  const float share = total > 0 ? 1 / total : 0;
  mean *= share;
  Row<kWidth> query{}, key{}, value{};  // Their gradients.
#pragma unroll 4
  for (int other = 0; other < own.length; ++other) {
    const float weight = weights[other] * share;
    const float product = weight * (products[other] - mean) * input.scale;
    weights[other] = weight;
    products[other] = product;
    query.add(product, own.row(memory, 1, other));
  }
  __syncthreads();
  const int across = own.rows + 1;
  const float* const weight_column = weights - own.place * across + own.place;
  const float* const product_column = products - own.place * across + own.place;
#pragma unroll 4
  for (int other = 0; other < own.length; ++other) {
    value.add(weight_column[other * across], own.row(memory, 3, other));
    key.add(product_column[other * across], own.row(memory, 0, other));
  }
  __syncthreads();
  query.put(own.row(memory, 0, own.place));
  key.put(own.row(memory, 1, own.place));
  value.put(own.row(memory, 2, own.place));
  own.turn(memory, -1);
  __syncthreads();
  for (int part = 0; part < 3; ++part)
    own.store(memory, part, slopes, [&](int t) { return own.offset(part, t); });
}

unsigned blocks_for(const ShortAttention& input) {
  return static_cast<unsigned>(input.sequences * input.heads);
}

/// Calls work(width) with the head's width as a constant.
template <typename Work>
void with_width(std::int64_t width, const Work& work) {
  if (width == 16)
    work(std::integral_constant<int, 16>());
  else
    work(std::integral_constant<int, 32>());
}

}  // namespace

bool has_float_attention(std::int64_t head_width) {
  return head_width == 16 || head_width == 32;
}

std::int64_t float_attention_memory(std::int64_t length, std::int64_t head_width) {
  const std::int64_t rows = rows_for(length);
  return (4 * rows * (head_width + kPad) + 2 * rows * (rows + 1)) *
         static_cast<std::int64_t>(sizeof(float));
}

void attend_floats(const ShortAttention& input, float* mixed, Stream stream) {
  const auto bytes =
      static_cast<std::size_t>(float_attention_memory(input.length, input.head_width));
  with_width(input.head_width, [&](auto width) {
    static const bool allowed = allow_memory(attend_floats_kernel<width>);
    (void)allowed;
    attend_floats_kernel<width>
        <<<blocks_for(input), rows_for(input.length), bytes, stream>>>(input, mixed);
  });
}

void attend_floats_back(const ShortAttention& input, const float* mixed_slopes, float* slopes,
                        Stream stream) {
  const auto bytes =
      static_cast<std::size_t>(float_attention_memory(input.length, input.head_width));
  with_width(input.head_width, [&](auto width) {
    static const bool allowed = allow_memory(attend_floats_back_kernel<width>);
    (void)allowed;
    attend_floats_back_kernel<width>
        <<<blocks_for(input), rows_for(input.length), bytes, stream>>>(input, mixed_slopes, slopes);
  });
}

}  // namespace skillit::gpu
