#include <algorithm>

#include "skillit/nn/gpu_kernels_private.h"
#include "skillit/nn/gpu_numbers_private.h"

namespace skillit::gpu {
namespace {

constexpr int kThreads = 256;
constexpr int kWarp = 32;
constexpr unsigned kAll = 0xffffffffU;

template <typename T>
__device__ void add_to(T* to, float x) {
  put(to, number(*to) + x);
}

template <typename T>
__device__ T warp_sum(T x) {
  for (int away = kWarp / 2; away > 0; away /= 2) x += __shfl_xor_sync(kAll, x, away);
  return x;
}

/// Of a whole block of threads; the result is right in the first thread.
template <int kSize>
__device__ double block_sum(double x) {
  __shared__ double parts[kSize / kWarp];
  x = warp_sum(x);
  if (threadIdx.x % kWarp == 0) parts[threadIdx.x / kWarp] = x;
  __syncthreads();
  double sum = 0;
  if (threadIdx.x == 0) {
    for (double part : parts) sum += part;
  }
  return sum;
}

template <typename T>
__global__ void square_sums(const T* x, std::int64_t count, double* parts) {
  const std::int64_t stride = 8LL * gridDim.x * kThreads;
  double sum = 0;
  for (std::int64_t i = 8LL * (blockIdx.x * kThreads + threadIdx.x); i < count; i += stride) {
    const Eight numbers = read(x + i);
    float squares = 0;
    for (float each : numbers.at) squares += each * each;
    sum += squares;
  }
  sum = block_sum<kThreads>(sum);
  if (threadIdx.x == 0) parts[blockIdx.x] = sum;
}

__global__ void finish_norm(const double* parts, const float* loss, float clip,
                            StepOutcome* outcome) {
  const double sum = block_sum<kSumParts>(parts[threadIdx.x]);
  if (threadIdx.x != 0) return;
  const auto norm = static_cast<float>(sqrt(sum));
  const bool finite = isfinite(norm) && isfinite(*loss);
  const float scale = clip > 0 && norm > clip ? clip / norm : 1;
  *outcome = {*loss, norm, finite ? scale : 0};
}

template <typename T>
__global__ void adamw_kernel(AdamWMemory memory, AdamWSpan span, const AdamWFactors* factors,
                             const StepOutcome* outcome) {
  const float scale = outcome->scale;
  const AdamWFactors f = *factors;
  const std::int64_t stride = 8LL * gridDim.x * kThreads;
  for (std::int64_t i = 8LL * (blockIdx.x * kThreads + threadIdx.x); i < span.count; i += stride) {
    const std::int64_t at = span.begin + i;
    T* const gradient = static_cast<T*>(memory.gradient) + at;
    if (scale == 0) {
      write(gradient, Eight{});
      continue;
    }
    const Eight g = read(gradient);
    Eight m = read(memory.first + at), v = read(memory.second + at), w = read(memory.master + at);
    for (int e = 0; e < 8; ++e) {
      const float slope = g.at[e] * scale;
      m.at[e] = m.at[e] * f.keep1 + slope * f.add1;
      v.at[e] = v.at[e] * f.keep2 + slope * slope * f.add2;
      w.at[e] = w.at[e] * f.decay - m.at[e] * f.step / (sqrtf(v.at[e]) * f.root + f.epsilon);
    }
    write(gradient, Eight{});
    write(memory.first + at, m);
    write(memory.second + at, v);
    write(memory.master + at, w);
    if (memory.compute != nullptr) write(static_cast<T*>(memory.compute) + at, w);
  }
}

/// One warp a row.
template <typename T>
__global__ void normalize_kernel(const T* x, const T* weight, const T* bias, Rows size,
                                 float epsilon, T* y, float* scales) {
  const std::int64_t row = (blockIdx.x * kThreads + threadIdx.x) / kWarp;
  if (row >= size.rows) return;
  const int first = 8 * (threadIdx.x % kWarp);
  x += row * size.width;
  float sum = 0;
  for (std::int64_t i = first; i < size.width; i += 8 * kWarp) {
    for (float each : read(x + i).at) sum += each;
  }
  const float mean = warp_sum(sum) / size.width;
  float squares = 0;
  for (std::int64_t i = first; i < size.width; i += 8 * kWarp) {
    for (float each : read(x + i).at) squares += (each - mean) * (each - mean);
  }
  const float factor = rsqrtf(warp_sum(squares) / size.width + epsilon);
  for (std::int64_t i = first; i < size.width; i += 8 * kWarp) {
    Eight numbers = read(x + i);
    const Eight w = read(weight + i), b = read(bias + i);
    for (int e = 0; e < 8; ++e) numbers.at[e] = (numbers.at[e] - mean) * factor * w.at[e] + b.at[e];
    write(y + row * size.width + i, numbers);
  }
  if (first == 0) {
    scales[2 * row] = mean;
    scales[2 * row + 1] = factor;
  }
}

template <typename T>
__global__ void normalize_back_kernel(const T* x, const T* weight, const T* slopes, const T* added,
                                      const float* scales, Rows size, T* x_slopes) {
  const std::int64_t row = (blockIdx.x * kThreads + threadIdx.x) / kWarp;
  if (row >= size.rows) return;
  const int first = 8 * (threadIdx.x % kWarp);
  const float mean = scales[2 * row], factor = scales[2 * row + 1];
  const std::int64_t begin = row * size.width;
  float sum = 0, product = 0;
  for (std::int64_t i = first; i < size.width; i += 8 * kWarp) {
    const Eight numbers = read(x + begin + i), s = read(slopes + begin + i), w = read(weight + i);
    for (int e = 0; e < 8; ++e) {
      sum += s.at[e] * w.at[e];
      product += s.at[e] * w.at[e] * (numbers.at[e] - mean) * factor;
    }
  }
  sum = warp_sum(sum) / size.width;
  product = warp_sum(product) / size.width;
  for (std::int64_t i = first; i < size.width; i += 8 * kWarp) {
    const Eight numbers = read(x + begin + i), w = read(weight + i);
    Eight s = read(slopes + begin + i);
    Eight more{};
    if (added != nullptr) more = read(added + begin + i);
    for (int e = 0; e < 8; ++e) {
      const float normed = (numbers.at[e] - mean) * factor;
      s.at[e] = (s.at[e] * w.at[e] - sum - normed * product) * factor + more.at[e];
    }
    write(x_slopes + begin + i, s);
  }
}

constexpr int kLanes = 2;                       ///< Threads beside each other, of 8 columns each.
constexpr int kRowThreads = kThreads / kLanes;  ///< Threads below each other.

/// A block sums 16 columns.
template <typename T, bool kNormed>
__global__ void column_sums(const T* slopes, const T* x, const float* scales, Rows size,
                            T* bias_gradient, T* weight_gradient) {
  const int lane = threadIdx.x % kLanes;
  const std::int64_t column = 8LL * (blockIdx.x * kLanes + lane);
  Eight bias{}, weight{};
  if (column < size.width) {
#pragma unroll 4
    for (std::int64_t row = threadIdx.x / kLanes; row < size.rows; row += kRowThreads) {
      const Eight s = read(slopes + row * size.width + column);
      Eight numbers{};
      if (kNormed) numbers = read(x + row * size.width + column);
      for (int e = 0; e < 8; ++e) {
        bias.at[e] += s.at[e];
        if (kNormed)
          weight.at[e] += s.at[e] * (numbers.at[e] - scales[2 * row]) * scales[2 * row + 1];
      }
    }
  }
  __shared__ float parts[kThreads / kWarp][kLanes][8];
  const auto finish = [&](Eight& sums, T* gradient) {
    for (float& each : sums.at) {
      for (int away = kWarp / 2; away >= kLanes; away /= 2)
        each += __shfl_xor_sync(kAll, each, away);
    }
    if (threadIdx.x % kWarp < kLanes) {
      for (int e = 0; e < 8; ++e) parts[threadIdx.x / kWarp][lane][e] = sums.at[e];
    }
    __syncthreads();
    if (threadIdx.x < kLanes * 8) {
      const std::int64_t target = 8LL * blockIdx.x * kLanes + threadIdx.x;
      float sum = 0;
      for (const auto& part : parts) sum += part[threadIdx.x / 8][threadIdx.x % 8];
      if (target < size.width) add_to(gradient + target, sum);
    }
    __syncthreads();
  };
  finish(bias, bias_gradient);
  if (kNormed) finish(weight, weight_gradient);
}

template <typename T>
__global__ void add_bias_kernel(const T* x, const T* bias, Rows size, T* y) {
  const std::int64_t i = 8LL * (blockIdx.x * kThreads + threadIdx.x);
  if (i >= size.rows * size.width) return;
  Eight numbers = read(x + i);
  const Eight more = read(bias + i % size.width);
  for (int e = 0; e < 8; ++e) numbers.at[e] += more.at[e];
  write(y + i, numbers);
}

template <typename T>
__global__ void put_rows_kernel(const T* rows, const std::int64_t* places, Rows size, T* to) {
  const T* const from = rows + blockIdx.x * size.width;
  T* const row = to + places[blockIdx.x] * size.width;
  for (std::int64_t i = 8LL * threadIdx.x; i < size.width; i += 8 * kThreads)
    write(row + i, read(from + i));
}

/// A block for each place; that of a token's first place adds the rows of all its places. Where
/// rows are short, groups of threads take places in turn, and their sums are added in their order.
template <typename T>
__global__ void add_rows_kernel(const std::int64_t* tokens, const T* slopes, Rows size, T* table) {
  constexpr int kColumns = kWidestRow / kThreads;
  const std::int64_t token = tokens[blockIdx.x];
  for (std::int64_t first = 0; first < blockIdx.x; first += kThreads) {
    const std::int64_t i = first + threadIdx.x;
    if (__syncthreads_or(i < blockIdx.x && tokens[i] == token)) return;
  }
  const int width = static_cast<int>(size.width);
  const int groups = width < kThreads ? kThreads / width : 1;
  const int group = groups == 1 ? 0 : threadIdx.x / width;
  const int first_column = groups == 1 ? threadIdx.x : threadIdx.x % width;
  float sums[kColumns] = {};
  __shared__ int places[kThreads];
  __shared__ int counts[kThreads / kWarp];
  for (std::int64_t base = blockIdx.x; base < size.rows; base += kThreads) {
    const std::int64_t place = base + threadIdx.x;
    const bool found = place < size.rows && tokens[place] == token;
    const unsigned in_warp = __ballot_sync(kAll, found);
    if (threadIdx.x % kWarp == 0) counts[threadIdx.x / kWarp] = __popc(in_warp);
    __syncthreads();
    int earlier = __popc(in_warp & ((1U << threadIdx.x % kWarp) - 1)), count = 0;
    for (int warp = 0; warp < kThreads / kWarp; ++warp) {
      if (warp < threadIdx.x / kWarp) earlier += counts[warp];
      count += counts[warp];
    }
    if (found) places[earlier] = static_cast<int>(threadIdx.x);
    __syncthreads();
    if (group < groups) {
#pragma unroll 4
      for (int i = group; i < count; i += groups) {
        const T* const row = slopes + (base + places[i]) * size.width;
#pragma unroll
        for (int c = 0; c < kColumns; ++c) {
          const int column = c * kThreads + first_column;
          if (column < width) sums[c] += number(row[column]);
        }
      }
    }
    __syncthreads();
  }
  if (groups == 1) {
#pragma unroll
    for (int c = 0; c < kColumns; ++c) {
      const int column = c * kThreads + first_column;
      if (column < width) add_to(table + token * size.width + column, sums[c]);
    }
    return;
  }
  __shared__ float parts[kThreads];
  parts[threadIdx.x] = sums[0];
  __syncthreads();
  if (threadIdx.x >= width) return;
  float sum = 0;
  for (int other = 0; other < groups; ++other) sum += parts[other * width + threadIdx.x];
  add_to(table + token * size.width + threadIdx.x, sum);
}

constexpr int kRowThreadsOfSoftmax = 512;

/// A block a row.
template <typename T>
__global__ void softmax_slope_kernel(T* logits, std::int64_t stride, const std::int64_t* targets,
                                     std::int64_t width, float share, float* losses) {
  constexpr int kWarps = kRowThreadsOfSoftmax / kWarp;
  __shared__ float tops[kWarps], totals[kWarps];
  logits += blockIdx.x * stride;
  const std::int64_t target = targets[blockIdx.x];
  const float of_target = number(logits[target]);
  float top = -INFINITY, total = 0;  // The total is of exp(x - top).
  for (std::int64_t i = threadIdx.x; i < width; i += kRowThreadsOfSoftmax) {
    const float x = number(logits[i]);
    const float higher = fmaxf(top, x);
    total = total * expf(top - higher) + expf(x - higher);
    top = higher;
  }
  const auto join = [&](float other_top, float other_total) {
    const float higher = fmaxf(top, other_top);
    if (higher == -INFINITY) return;  // Neither has seen anything.
    total = total * expf(top - higher) + other_total * expf(other_top - higher);
    top = higher;
  };
  for (int away = kWarp / 2; away > 0; away /= 2)
    join(__shfl_xor_sync(kAll, top, away), __shfl_xor_sync(kAll, total, away));
  if (threadIdx.x % kWarp == 0) {
    tops[threadIdx.x / kWarp] = top;
    totals[threadIdx.x / kWarp] = total;
  }
  __syncthreads();  // All have read the target's logit by now, too.
  top = -INFINITY;
  total = 0;
  for (int warp = 0; warp < kWarps; ++warp) join(tops[warp], totals[warp]);
  const float log_total = top + logf(total);
  for (std::int64_t i = threadIdx.x; i < width; i += kRowThreadsOfSoftmax)
    put(logits + i, (expf(number(logits[i]) - log_total) - (i == target ? 1.0F : 0.0F)) * share);
  for (std::int64_t i = width + threadIdx.x; i < stride; i += kRowThreadsOfSoftmax)
    put(logits + i, 0);
  if (threadIdx.x == 0) losses[blockIdx.x] = (log_total - of_target) * share;
}

template <typename T>
const T* as(const void* x, T) {
  return static_cast<const T*>(x);
}
template <typename T>
T* as(void* x, T) {
  return static_cast<T*>(x);
}

unsigned blocks_for(std::int64_t count, std::int64_t each) {
  return static_cast<unsigned>((count + each - 1) / each);
}

}  // namespace

void measure_gradient(const void* gradient, Number type, std::int64_t count, const float* loss,
                      float clip, double* parts, StepOutcome* outcome, Stream stream) {
  with(type, [&](auto t) {
    square_sums<<<kSumParts, kThreads, 0, stream>>>(as(gradient, t), count, parts);
  });
  finish_norm<<<1, kSumParts, 0, stream>>>(parts, loss, clip, outcome);
}

void adamw(const AdamWMemory& memory, Number type, AdamWSpan span, const AdamWFactors* factors,
           const StepOutcome* outcome, Stream stream) {
  if (span.count == 0) return;
  constexpr std::int64_t kMostBlocks = 1 << 16;
  const auto blocks = static_cast<unsigned>(
      std::min<std::int64_t>(kMostBlocks, blocks_for(span.count, 8 * kThreads)));
  with(type, [&](auto t) {
    adamw_kernel<decltype(t)><<<blocks, kThreads, 0, stream>>>(memory, span, factors, outcome);
  });
}

void normalize(const void* x, const void* weight, const void* bias, Number type, Rows size,
               float epsilon, void* y, float* scales, Stream stream) {
  with(type, [&](auto t) {
    normalize_kernel<<<blocks_for(size.rows * kWarp, kThreads), kThreads, 0, stream>>>(
        as(x, t), as(weight, t), as(bias, t), size, epsilon, as(y, t), scales);
  });
}

void normalize_back(const void* x, const void* weight, const void* slopes, const void* added,
                    const float* scales, Number type, Rows size, void* x_slopes, Stream stream) {
  with(type, [&](auto t) {
    normalize_back_kernel<<<blocks_for(size.rows * kWarp, kThreads), kThreads, 0, stream>>>(
        as(x, t), as(weight, t), as(slopes, t), as(added, t), scales, size, as(x_slopes, t));
  });
}

void add_column_sums(const void* slopes, const void* x, const float* scales, Number type, Rows size,
                     void* bias_gradient, void* weight_gradient, Stream stream) {
  const unsigned blocks = blocks_for(size.width, 8 * kLanes);
  with(type, [&](auto t) {
    using T = decltype(t);
    if (x == nullptr) {
      column_sums<T, false><<<blocks, kThreads, 0, stream>>>(as(slopes, t), nullptr, nullptr, size,
                                                             as(bias_gradient, t), nullptr);
    } else {
      column_sums<T, true><<<blocks, kThreads, 0, stream>>>(
          as(slopes, t), as(x, t), scales, size, as(bias_gradient, t), as(weight_gradient, t));
    }
  });
}

void softmax_slope(void* logits, std::int64_t stride, const std::int64_t* targets, Number type,
                   Rows size, float share, float* losses, Stream stream) {
  with(type, [&](auto t) {
    softmax_slope_kernel<<<static_cast<unsigned>(size.rows), kRowThreadsOfSoftmax, 0, stream>>>(
        as(logits, t), stride, targets, size.width, share, losses);
  });
}

void add_bias(const void* x, const void* bias, Number type, Rows size, void* y, Stream stream) {
  with(type, [&](auto t) {
    add_bias_kernel<<<blocks_for(size.rows * size.width, 8 * kThreads), kThreads, 0, stream>>>(
        as(x, t), as(bias, t), size, as(y, t));
  });
}

void put_rows(const void* rows, const std::int64_t* places, Number type, Rows size, void* to,
              Stream stream) {
  with(type, [&](auto t) {
    put_rows_kernel<<<static_cast<unsigned>(size.rows), kThreads, 0, stream>>>(as(rows, t), places,
                                                                               size, as(to, t));
  });
}

void add_rows(const std::int64_t* tokens, const void* slopes, Number type, Rows size, void* table,
              Stream stream) {
  with(type, [&](auto t) {
    add_rows_kernel<<<static_cast<unsigned>(size.rows), kThreads, 0, stream>>>(
        tokens, as(slopes, t), size, as(table, t));
  });
}

}  // namespace skillit::gpu
