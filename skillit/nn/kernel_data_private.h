#pragma once

#include <ATen/Parallel.h>
#include <torch/types.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "skillit/nn/cpu_kernels_private.h"

#ifndef INTRA_OP_PARALLEL
#error "compile with OpenMP: torch's at::parallel_for, a template in a header, is serial without"
#endif

namespace skillit {

/// The elements of a contiguous tensor on a CPU; null when it is undefined.
template <typename Number>
[[nodiscard]] Number* data(const torch::Tensor& tensor) {
  return tensor.defined() ? static_cast<Number*>(tensor.data_ptr()) : nullptr;
}

struct Free {
  void operator()(float* memory) const { std::free(memory); }
};
/// Memory for so many floats, at the start of a cache line: the widest vectors are as long as one.
[[nodiscard]] inline std::unique_ptr<float[], Free> aligned_floats(std::int64_t count) {
  constexpr std::size_t kLine = 64;
  const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(float);
  std::unique_ptr<float[], Free> memory(
      static_cast<float*>(std::aligned_alloc(kLine, (bytes + kLine - 1) / kLine * kLine)));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

/// Calls work(Number{}) with the type of the tensor's elements, float or Bf16.
template <typename Work>
void with_type_of(const torch::Tensor& tensor, const Work& work) {
  if (tensor.scalar_type() == torch::kBFloat16)
    work(Bf16{});
  else
    work(float{});
}

/// Calls work(piece, begin, end) for all pieces of 0 .. count - 1, `size` long but for the last.
/// What a piece is does not depend on the threads.
template <typename Work>
void for_each_piece(std::int64_t count, std::int64_t size, const Work& work) {
  at::parallel_for(0, (count + size - 1) / size, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t piece = first; piece < last; ++piece)
      work(piece, piece * size, std::min(count, (piece + 1) * size));
  });
}

}  // namespace skillit
