#include <cuda_runtime.h>
#include <mma.h>

#include <type_traits>

#include "skillit/nn/gpu_attention_private.h"
#include "skillit/nn/gpu_numbers_private.h"

namespace skillit::gpu {
namespace {

constexpr int kThreads = 256;
constexpr int kWarp = 32;
constexpr int kWarps = kThreads / kWarp;
constexpr int kTile = 16;  ///< Rows and columns of a tile; all sizes here are multiples of it.
constexpr int kPad = 8;    ///< Elements between rows in shared memory, against bank conflicts.

__host__ __device__ constexpr int tiled(int size) {
  return (size + kTile - 1) / kTile * kTile;
}

/// A matrix in shared memory; `stride` elements from row to row.
template <typename T>
struct Matrix {
  T* at;
  int stride;
  __device__ T* row(int i) const { return at + i * stride; }
};

/// c [m, n] = a [m, k] b [k, n]; each of a and b may lie turned. By the whole block.
template <bool kTurnedA, bool kTurnedB>
__device__ void multiply(Matrix<__nv_bfloat16> a, Matrix<__nv_bfloat16> b, Matrix<float> c, int m,
                         int n, int k) {
  using namespace nvcuda;
  using LayoutA = std::conditional_t<kTurnedA, wmma::col_major, wmma::row_major>;
  using LayoutB = std::conditional_t<kTurnedB, wmma::col_major, wmma::row_major>;
  for (int tile = threadIdx.x / kWarp; tile < m / kTile * (n / kTile); tile += kWarps) {
    const int i = tile / (n / kTile) * kTile;
    const int j = tile % (n / kTile) * kTile;
    wmma::fragment<wmma::accumulator, kTile, kTile, kTile, float> sum;
    wmma::fill_fragment(sum, 0.0F);
    for (int e = 0; e < k; e += kTile) {
      wmma::fragment<wmma::matrix_a, kTile, kTile, kTile, __nv_bfloat16, LayoutA> left;
      wmma::fragment<wmma::matrix_b, kTile, kTile, kTile, __nv_bfloat16, LayoutB> right;
      wmma::load_matrix_sync(left, kTurnedA ? a.row(e) + i : a.row(i) + e, a.stride);
      wmma::load_matrix_sync(right, kTurnedB ? b.row(j) + e : b.row(e) + j, b.stride);
      wmma::mma_sync(sum, left, right, sum);
    }
    wmma::store_matrix_sync(c.row(i) + j, sum, c.stride, wmma::mem_row_major);
  }
}
/// What a block works with in shared memory, one after another, each at a multiple of 32 bytes.
struct Shared {
  unsigned char* next;
  template <typename T>
  __device__ Matrix<T> matrix(int rows, int columns) {
    const int stride = columns + kPad;
    const Matrix<T> result{reinterpret_cast<T*>(next), stride};
    next += (rows * stride * static_cast<int>(sizeof(T)) + 31) / 32 * 32;
    return result;
  }
};

using T = __nv_bfloat16;

/// One head of one sequence.
struct Head {
  const ShortAttention& input;
  int sequence, head, length, rows, width;

  __device__ explicit Head(const ShortAttention& of)
      : input(of),
        sequence(blockIdx.x / of.heads),
        head(blockIdx.x % of.heads),
        length(static_cast<int>(of.length)),
        rows(tiled(static_cast<int>(of.length))),
        width(static_cast<int>(of.head_width)) {}

  /// Of the first element: of queries (part 0), keys (1) or values (2), at place t.
  __device__ std::int64_t offset(int part, int t) const {
    return ((sequence * input.length + t) * 3 + part) * input.heads * width + head * width;
  }
  __device__ std::int64_t mixed_offset(int t) const {
    return (sequence * input.length + t) * input.heads * width + head * width;
  }
  /// Element e of a row, turned by its place: forwards, or back with direction -1.
  template <typename Row>
  __device__ float turned(const Row* row, int t, int e, float direction) const {
    const int half = static_cast<int>(input.rotary_half);
    if (e >= 2 * half) return number(row[e]);
    const int pair = e < half ? e : e - half;
    const float cosine = number(static_cast<const T*>(input.cosine)[t * half + pair]);
    const float sine = direction * number(static_cast<const T*>(input.sine)[t * half + pair]);
    const float first = number(row[pair]), second = number(row[pair + half]);
    return e < half ? first * cosine - second * sine : second * cosine + first * sine;
  }
  /// Row t, elements e .. e + 7, of queries (part 0), keys (1) or values (2), the first two turned;
  /// or of `mixed` (part 3). Zeros below the last row.
  __device__ Eight read_part(int part, const T* mixed, int t, int e) const {
    if (t >= length) return Eight{};
    if (part == 3) return read(mixed + mixed_offset(t) + e);
    const T* const row = static_cast<const T*>(input.rows) + offset(part, t);
    if (part == 2 || input.rotary_half == 0) return read(row + e);
    Eight result;
    for (int i = 0; i < 8; ++i) result.at[i] = turned(row, t, e + i, 1);
    return result;
  }
  /// The first `kParts` parts into shared memory; all are asked for before the first one is here.
  template <int kParts>
  __device__ void load(const Matrix<T> (&to)[kParts], const T* mixed) const {
    for (int place = threadIdx.x; place < rows * (width / 8); place += kThreads) {
      const int t = place / (width / 8), e = place % (width / 8) * 8;
      Eight parts[kParts];
#pragma unroll
      for (int part = 0; part < kParts; ++part) parts[part] = read_part(part, mixed, t, e);
#pragma unroll
      for (int part = 0; part < kParts; ++part) write(to[part].row(t) + e, parts[part]);
    }
  }
  template <typename Offset>
  __device__ void store_rows(Matrix<float> from, T* to, const Offset& offset_of) const {
    for (int place = threadIdx.x; place < length * (width / 8); place += kThreads) {
      const int t = place / (width / 8), e = place % (width / 8) * 8;
      write(to + offset_of(t) + e, read(from.row(t) + e));
    }
  }
  __device__ void store_slopes(Matrix<float> from, int part, T* slopes) const {
    if (part == 2 || input.rotary_half == 0) {
      store_rows(from, slopes, [&](int t) { return offset(part, t); });
      return;
    }
    for (int place = threadIdx.x; place < length * width; place += kThreads) {
      const int t = place / width, e = place % width;
      put(slopes + offset(part, t) + e, turned(from.row(t), t, e, -1));
    }
  }
  __device__ bool sees(int query, int key) const {
    if (query >= length || key > query) return false;
    if (input.window > 0 && key <= query - input.window) return false;
    return input.starts == nullptr || key >= input.starts[sequence * input.length + query];
  }
  /// Products of queries and keys -> weights, both as floats and as T.
  __device__ void softmax(Matrix<float> scores, Matrix<T> weights) const {
    const int lane = threadIdx.x % kWarp;
    for (int i = threadIdx.x / kWarp; i < rows; i += kWarps) {
      float x[kLongest / kWarp];
      float top = -INFINITY;
      for (int c = 0; c < kLongest / kWarp; ++c) {
        const int j = c * kWarp + lane;
        x[c] = j < rows && sees(i, j) ? scores.row(i)[j] * input.scale : -INFINITY;
        top = fmaxf(top, x[c]);
      }
      for (int away = kWarp / 2; away > 0; away /= 2)
        top = fmaxf(top, __shfl_xor_sync(0xffffffffU, top, away));
      float total = 0;
      for (float& each : x) {
        each = each == -INFINITY ? 0.0F : __expf(each - top);
        total += each;
      }
      for (int away = kWarp / 2; away > 0; away /= 2)
        total += __shfl_xor_sync(0xffffffffU, total, away);
      for (int c = 0; c < kLongest / kWarp; ++c) {
        const int j = c * kWarp + lane;
        if (j >= rows) continue;
        const float weight = total > 0 ? x[c] / total : 0.0F;
        scores.row(i)[j] = weight;
        put(weights.row(i) + j, weight);
      }
    }
  }
  /// The gradient of the products from the weights and theirs.
  __device__ void softmax_back(Matrix<float> weights, Matrix<float> slopes, Matrix<T> to) const {
    const int lane = threadIdx.x % kWarp;
    for (int i = threadIdx.x / kWarp; i < rows; i += kWarps) {
      float sum = 0;
      for (int j = lane; j < rows; j += kWarp) sum += weights.row(i)[j] * slopes.row(i)[j];
      for (int away = kWarp / 2; away > 0; away /= 2)
        sum += __shfl_xor_sync(0xffffffffU, sum, away);
      for (int j = lane; j < rows; j += kWarp)
        put(to.row(i) + j, weights.row(i)[j] * (slopes.row(i)[j] - sum) * input.scale);
    }
  }
};

__global__ void attend_kernel(ShortAttention input, T* mixed) {
  extern __shared__ __align__(32) unsigned char memory[];
  const Head own(input);
  const int rows = own.rows, width = own.width;
  Shared shared{memory};
  const Matrix<T> parts[3] = {shared.matrix<T>(rows, width), shared.matrix<T>(rows, width),
                              shared.matrix<T>(rows, width)};
  const auto& [queries, keys, values] = parts;
  const auto scores = shared.matrix<float>(rows, rows);
  const auto weights = shared.matrix<T>(rows, rows);
  const auto result = shared.matrix<float>(rows, width);
  own.load(parts, nullptr);
  __syncthreads();
  multiply<false, true>(queries, keys, scores, rows, rows, width);
  __syncthreads();
  own.softmax(scores, weights);
  __syncthreads();
  multiply<false, false>(weights, values, result, rows, width, rows);
  __syncthreads();
  own.store_rows(result, mixed, [&](int t) { return own.mixed_offset(t); });
}

__global__ void attend_back_kernel(ShortAttention input, const T* mixed_slopes, T* slopes) {
  extern __shared__ __align__(32) unsigned char memory[];
  const Head own(input);
  const int rows = own.rows, width = own.width;
  Shared shared{memory};
  const Matrix<T> parts[4] = {shared.matrix<T>(rows, width), shared.matrix<T>(rows, width),
                              shared.matrix<T>(rows, width), shared.matrix<T>(rows, width)};
  const auto& [queries, keys, values, outer] = parts;
  const auto scores = shared.matrix<float>(rows, rows);
  const auto score_slopes = shared.matrix<float>(rows, rows);
  const auto weights = shared.matrix<T>(rows, rows);
  const auto products = shared.matrix<T>(rows, rows);  // The gradient of the products.
  const auto result = shared.matrix<float>(rows, width);
  own.load(parts, mixed_slopes);
  __syncthreads();
  multiply<false, true>(queries, keys, scores, rows, rows, width);
  multiply<false, true>(outer, values, score_slopes, rows, rows, width);
  __syncthreads();
  own.softmax(scores, weights);
  __syncthreads();
  own.softmax_back(scores, score_slopes, products);
  multiply<true, false>(weights, outer, result, rows, width, rows);
  __syncthreads();
  own.store_slopes(result, 2, slopes);
  __syncthreads();
  multiply<false, false>(products, keys, result, rows, width, rows);
  __syncthreads();
  own.store_slopes(result, 0, slopes);
  __syncthreads();
  multiply<true, false>(products, queries, result, rows, width, rows);
  __syncthreads();
  own.store_slopes(result, 1, slopes);
}

}  // namespace

std::int64_t half_attention_memory(std::int64_t length, std::int64_t head_width) {
  const std::int64_t rows = tiled(static_cast<int>(length));
  const std::int64_t wide = rows * (head_width + kPad), square = rows * (rows + kPad);
  return wide * (4 * 2 + 4) + square * (2 * 2 + 2 * 4) + 9 * 32;
}

void attend_halves(const ShortAttention& input, void* mixed, Stream stream) {
  static const bool allowed = allow_memory(attend_kernel);
  (void)allowed;
  const auto bytes =
      static_cast<std::size_t>(half_attention_memory(input.length, input.head_width));
  attend_kernel<<<static_cast<unsigned>(input.sequences * input.heads), kThreads, bytes, stream>>>(
      input, static_cast<T*>(mixed));
}

void attend_halves_back(const ShortAttention& input, const void* mixed_slopes, void* slopes,
                        Stream stream) {
  static const bool allowed = allow_memory(attend_back_kernel);
  (void)allowed;
  const auto bytes =
      static_cast<std::size_t>(half_attention_memory(input.length, input.head_width));
  attend_back_kernel<<<static_cast<unsigned>(input.sequences * input.heads), kThreads, bytes,
                       stream>>>(input, static_cast<const T*>(mixed_slopes),
                                 static_cast<T*>(slopes));
}

}  // namespace skillit::gpu
