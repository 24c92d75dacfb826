#include "skillit/nn/gpu_numbers_private.h"
#include "skillit/nn/gpu_product_private.h"

namespace skillit::gpu {
namespace {

constexpr int kTile = static_cast<int>(kProductTile);
constexpr int kEach = 4;                // A thread computes 4 x 4 numbers.
constexpr int kAcross = kTile / kEach;  // Threads side by side in a tile's row.

__device__ float4 four(const float* from) {
  return *reinterpret_cast<const float4*>(from);
}

__device__ void put_four(float* to, const float4& x) {
  *reinterpret_cast<float4*>(to) = x;
}
__device__ float4 sum_of(const float4& a, const float4& b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w};
}

/// sums[i][j] += a[i] * b[j]
__device__ void add_outer(float (&sums)[kEach][kEach], const float4& a, const float4& b) {
  const float rows[kEach] = {a.x, a.y, a.z, a.w};
  const float columns[kEach] = {b.x, b.y, b.z, b.w};
#pragma unroll
  for (int i = 0; i < kEach; ++i) {
#pragma unroll
    for (int j = 0; j < kEach; ++j) sums[i][j] += rows[i] * columns[j];
  }
}

__device__ float gelu_at(Gelu gelu, float x, float& slope) {
  if (gelu == Gelu::kExact) {
    const float below = 0.5F + 0.5F * erff(x * 0.707106781F);
    slope = below + x * expf(-0.5F * x * x) * 0.398942280F;
    return x * below;
  }
  const float square = x * x;
  const float s = 1.0F / (1.0F + expf(x * (square * -0.0713548163F - 1.59576912F)));
  slope = s + s * (1.0F - s) * x * (square * 0.214064449F + 1.59576912F);
  return x * s;
}

constexpr int kTileRows = 64;
constexpr int kProductThreads = kTileRows / kEach * kAcross;

/// What a block works on: as deep as a tile is wide. Fours of numbers that lie side by side are
/// turned on the way in, those of other rows or columns side by side, so that they do not collide.
struct ProductTiles {
  float xs[kTile][kTileRows + kEach];
  float ws[kTile][kTile + kEach];
};

__device__ void put_turned(float* to, int stride, const float4& x) {
  to[0] = x.x;
  to[stride] = x.y;
  to[2 * stride] = x.z;
  to[3 * stride] = x.w;
}

/// One thread's part of the next tiles, on its way.
template <bool kTurned>
struct NextTiles {
  static constexpr int kOfX = kTileRows * kAcross / kProductThreads;
  static constexpr int kOfW = kTile * kAcross / kProductThreads;
  float4 x[kOfX], w[kOfW];

  __device__ void fetch(const SmallProduct& p, std::int64_t first_row, std::int64_t first_column,
                        std::int64_t depth) {
#pragma unroll
    for (int i = 0; i < kOfX; ++i) {
      const int place = static_cast<int>(threadIdx.x) + i * kProductThreads;
      const std::int64_t row = first_row + place % kTileRows;
      const float* const from = p.x + row * p.depth + depth + place / kTileRows * kEach;
      x[i] = row < p.rows ? four(from) : float4{};
    }
#pragma unroll
    for (int i = 0; i < kOfW; ++i) {
      const int place = static_cast<int>(threadIdx.x) + i * kProductThreads;
      const std::int64_t row = kTurned ? first_column + place % kTile : depth + place / kAcross;
      const std::int64_t column =
          kTurned ? depth + place / kTile * kEach : first_column + place % kAcross * kEach;
      w[i] = four(p.weight + row * (kTurned ? p.depth : p.columns) + column);
    }
  }
  __device__ void keep(ProductTiles& tiles) const {
#pragma unroll
    for (int i = 0; i < kOfX; ++i) {
      const int place = static_cast<int>(threadIdx.x) + i * kProductThreads;
      put_turned(&tiles.xs[place / kTileRows * kEach][place % kTileRows], kTileRows + kEach, x[i]);
    }
#pragma unroll
    for (int i = 0; i < kOfW; ++i) {
      const int place = static_cast<int>(threadIdx.x) + i * kProductThreads;
      if (kTurned)
        put_turned(&tiles.ws[place / kTile * kEach][place % kTile], kTile + kEach, w[i]);
      else
        put_four(&tiles.ws[place / kAcross][place % kAcross * kEach], w[i]);
    }
  }
};

/// What follows the product, at `at` and the three numbers beside it.
__device__ float4 finished(const SmallProduct& p, std::int64_t at, float4 y, const float4& bias) {
  y = sum_of(y, bias);
  if (p.added != nullptr) y = sum_of(y, four(p.added + at));
  if (p.gelu != Gelu::kNone) {
    float4 slopes;
    y = {gelu_at(p.gelu, y.x, slopes.x), gelu_at(p.gelu, y.y, slopes.y),
         gelu_at(p.gelu, y.z, slopes.z), gelu_at(p.gelu, y.w, slopes.w)};
    if (p.gelu_slopes != nullptr) put_four(p.gelu_slopes + at, slopes);
  }
  if (p.factor == nullptr) return y;
  const float4 factor = four(p.factor + at);
  return {y.x * factor.x, y.y * factor.y, y.z * factor.z, y.w * factor.w};
}

/// A block computes kTileRows x kTile numbers of y.
template <bool kTurned>
__global__ void __launch_bounds__(kProductThreads) multiply_kernel(SmallProduct p) {
  __shared__ __align__(16) ProductTiles tiles;
  const std::int64_t first_row = blockIdx.x * std::int64_t{kTileRows};
  const std::int64_t first_column = blockIdx.y * std::int64_t{kTile};
  const int across = static_cast<int>(threadIdx.x) % kAcross * kEach;
  const int down = static_cast<int>(threadIdx.x) / kAcross * kEach;
  float sums[kEach][kEach] = {};
  NextTiles<kTurned> next;
  next.fetch(p, first_row, first_column, 0);
  for (std::int64_t depth = 0; depth < p.depth; depth += kTile) {
    next.keep(tiles);
    __syncthreads();
    if (depth + kTile < p.depth) next.fetch(p, first_row, first_column, depth + kTile);
#pragma unroll
    for (int k = 0; k < kTile; ++k)
      add_outer(sums, four(&tiles.xs[k][down]), four(&tiles.ws[k][across]));
    __syncthreads();
  }
  const float4 bias = p.bias != nullptr ? four(p.bias + first_column + across) : float4{};
#pragma unroll
  for (int i = 0; i < kEach; ++i) {
    const std::int64_t row = first_row + down + i;
    if (row >= p.rows) return;
    const std::int64_t at = row * p.columns + first_column + across;
    put_four(p.y + at, finished(p, at, {sums[i][0], sums[i][1], sums[i][2], sums[i][3]}, bias));
  }
}

constexpr int kGroups = 8;  // Of threads, that take rows in turn.
constexpr int kGroupThreads = kAcross * kAcross;
constexpr int kGroupRows = 16;

/// What a group works on, and afterwards its sums.
union GradientTiles {
  struct {
    float slopes[kGroupRows][kTile];
    float xs[kGroupRows][kTile];
  } rows;
  float sums[kTile][kTile];
};

/// One thread's part of its group's next rows, on its way.
struct NextRows {
  static constexpr int kFours = kGroupRows * kAcross / kGroupThreads;
  float4 slopes[kFours], xs[kFours];

  __device__ static int place(int i) {
    return static_cast<int>(threadIdx.x) % kGroupThreads + i * kGroupThreads;
  }
  __device__ void fetch(const SmallGradient& g, std::int64_t first_row, std::int64_t first_out,
                        std::int64_t first_in) {
#pragma unroll
    for (int i = 0; i < kFours; ++i) {
      const std::int64_t row = first_row + place(i) / kAcross;
      const int column = place(i) % kAcross * kEach;
      slopes[i] = row < g.rows ? four(g.slopes + row * g.out + first_out + column) : float4{};
      xs[i] = row < g.rows ? four(g.x + row * g.in + first_in + column) : float4{};
    }
  }
  __device__ void keep(GradientTiles& tiles) const {
#pragma unroll
    for (int i = 0; i < kFours; ++i) {
      const int row = place(i) / kAcross, column = place(i) % kAcross * kEach;
      put_four(&tiles.rows.slopes[row][column], slopes[i]);
      put_four(&tiles.rows.xs[row][column], xs[i]);
    }
  }
};

/// A block computes kTile x kTile numbers of the gradient: groups of threads add up what their rows
/// give, and these sums are added in the order of the groups.
__global__ void __launch_bounds__(kGroups* kGroupThreads)
    weight_gradient_kernel(const __grid_constant__ SmallGradients all) {
  __shared__ __align__(16) GradientTiles tiles[kGroups];
  __shared__ __align__(16) float bias_sums[kGroups][kTile];
  const int group = static_cast<int>(threadIdx.x) / kGroupThreads;
  const int thread = static_cast<int>(threadIdx.x) % kGroupThreads;
  const int across = thread % kAcross * kEach, down = thread / kAcross * kEach;
  int task = 0;
  while (static_cast<int>(blockIdx.x) >= all.first_block[task + 1]) ++task;
  const SmallGradient& g = all.each[task];
  const int block = static_cast<int>(blockIdx.x) - all.first_block[task];
  const int blocks_across = static_cast<int>(g.in / kTile);
  const std::int64_t first_out = block / blocks_across * kProductTile;
  const std::int64_t first_in = block % blocks_across * kProductTile;
  const bool with_bias = g.bias_gradient != nullptr && first_in == 0;
  float sums[kEach][kEach] = {};
  float4 of_bias{};
  NextRows next;
  next.fetch(g, group * kGroupRows, first_out, first_in);
  for (std::int64_t row = 0; row < g.rows; row += kGroups * kGroupRows) {
    next.keep(tiles[group]);
    __syncthreads();
    next.fetch(g, row + (kGroups + group) * kGroupRows, first_out, first_in);
#pragma unroll
    for (int k = 0; k < kGroupRows; ++k) {
      const float4 slopes = four(&tiles[group].rows.slopes[k][down]);
      add_outer(sums, slopes, four(&tiles[group].rows.xs[k][across]));
      if (with_bias) of_bias = sum_of(of_bias, slopes);
    }
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < kEach; ++i)
    put_four(&tiles[group].sums[down + i][across],
             {sums[i][0], sums[i][1], sums[i][2], sums[i][3]});
  if (across == 0) put_four(&bias_sums[group][down], of_bias);
  __syncthreads();
  for (int i = static_cast<int>(threadIdx.x); i < kTile * kTile; i += kGroups * kGroupThreads) {
    float sum = 0;
    for (const auto& part : tiles) sum += part.sums[i / kTile][i % kTile];
    g.weight_gradient[(first_out + i / kTile) * g.in + first_in + i % kTile] += sum;
  }
  if (with_bias && threadIdx.x < kTile) {
    float sum = 0;
    for (const auto& part : bias_sums) sum += part[threadIdx.x];
    g.bias_gradient[first_out + threadIdx.x] += sum;
  }
}

}  // namespace

void multiply(const SmallProduct& product, Stream stream) {
  const dim3 blocks(static_cast<unsigned>((product.rows + kTileRows - 1) / kTileRows),
                    static_cast<unsigned>(product.columns / kTile));
  if (product.turned)
    multiply_kernel<true><<<blocks, kProductThreads, 0, stream>>>(product);
  else
    multiply_kernel<false><<<blocks, kProductThreads, 0, stream>>>(product);
}

void SmallGradients::add(const SmallGradient& one) {
  each[count] = one;
  first_block[count + 1] =
      first_block[count] + static_cast<int>(one.out / kTile * (one.in / kTile));
  ++count;
}

bool SmallGradients::overlaps(const SmallGradient& one) const {
  const auto end = [](const SmallGradient& of) { return of.weight_gradient + of.out * of.in; };
  for (int i = 0; i < count; ++i) {
    if (each[i].weight_gradient < end(one) && one.weight_gradient < end(each[i])) return true;
  }
  return false;
}

void add_weight_gradients(const SmallGradients& all, Stream stream) {
  const auto blocks = static_cast<unsigned>(all.first_block[all.count]);
  weight_gradient_kernel<<<blocks, kGroups * kGroupThreads, 0, stream>>>(all);
}

}  // namespace skillit::gpu
