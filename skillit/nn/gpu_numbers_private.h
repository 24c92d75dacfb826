#pragma once

#include <cuda_bf16.h>

#include "skillit/nn/gpu_kernels_private.h"

// Float32 and bf16 numbers in kernels; for .cu files alone.
namespace skillit::gpu {
namespace {

/// Eight numbers, read or written at once.
struct Eight {
  float at[8];
};

__device__ Eight read(const float* from) {
  const float4 a = reinterpret_cast<const float4*>(from)[0];
  const float4 b = reinterpret_cast<const float4*>(from)[1];
  return {{a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w}};
}
__device__ Eight read(const __nv_bfloat16* from) {
  const uint4 packed = *reinterpret_cast<const uint4*>(from);
  const unsigned words[4] = {packed.x, packed.y, packed.z, packed.w};
  Eight result;
  for (int i = 0; i < 4; ++i) {
    result.at[2 * i] = __uint_as_float(words[i] << 16);
    result.at[2 * i + 1] = __uint_as_float(words[i] & 0xffff0000U);
  }
  return result;
}
__device__ void write(float* to, const Eight& x) {
  reinterpret_cast<float4*>(to)[0] = make_float4(x.at[0], x.at[1], x.at[2], x.at[3]);
  reinterpret_cast<float4*>(to)[1] = make_float4(x.at[4], x.at[5], x.at[6], x.at[7]);
}
__device__ void write(__nv_bfloat16* to, const Eight& x) {
  __nv_bfloat162 pairs[4];
  for (int i = 0; i < 4; ++i) pairs[i] = __floats2bfloat162_rn(x.at[2 * i], x.at[2 * i + 1]);
  *reinterpret_cast<uint4*>(to) = *reinterpret_cast<const uint4*>(pairs);
}
__device__ float number(float x) {
  return x;
}
__device__ float number(__nv_bfloat16 x) {
  return __bfloat162float(x);
}
__device__ void put(float* to, float x) {
  *to = x;
}
__device__ void put(__nv_bfloat16* to, float x) {
  *to = __float2bfloat16(x);
}
/// Lets a kernel use all the shared memory that there is: threads with different sizes share it.
template <typename Kernel>
bool allow_memory(Kernel* kernel) {
  int device = 0, most = 0;
  cudaGetDevice(&device);
  cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, device);
  cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel),
                       cudaFuncAttributeMaxDynamicSharedMemorySize, most);
  return true;
}

/// Calls work(T{}) with the type.
template <typename Work>
void with(Number type, const Work& work) {
  if (type == Number::kFloat)
    work(float{});
  else
    work(__nv_bfloat16{});
}

}  // namespace
}  // namespace skillit::gpu
