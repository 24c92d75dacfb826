#include "skillit/nn/cpu_kernels_private.h"
#include "skillit/nn/runnable_kernels_private.h"

namespace skillit {
namespace {

const KernelTables& best() {
  static const KernelTables* const tables = runnable_kernels().back();
  return *tables;
}

}  // namespace

std::vector<const KernelTables*> runnable_kernels() {
  std::vector<const KernelTables*> result{&kPlainKernels};
#ifdef __x86_64__
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return result;
  result.push_back(&kAvx2Kernels);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    result.push_back(&kAvx512Kernels);
#endif
  return result;
}

template <>
const CpuKernels<float>& cpu_kernels<float>() {
  return best().floats;
}
template <>
const CpuKernels<Bf16>& cpu_kernels<Bf16>() {
  return best().halves;
}
const ProductKernels& product_kernels() {
  return best().products;
}
template <>
const NormKernels<float>& norm_kernels<float>() {
  return best().float_norms;
}
template <>
const NormKernels<Bf16>& norm_kernels<Bf16>() {
  return best().half_norms;
}
SoftmaxSlope softmax_slope() {
  return best().softmax_slope;
}
std::int64_t attention_scratch(const AttentionShape& shape) {
  return best().attention_scratch(shape);
}

}  // namespace skillit
