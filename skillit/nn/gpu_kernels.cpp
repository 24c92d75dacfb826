#include "skillit/nn/gpu_kernels.h"

#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/torch.h>

#include "skillit/base/error.h"
#include "skillit/nn/gpu_kernels_private.h"

namespace skillit::gpu {
namespace {

Stream stream() {
  return c10::cuda::getCurrentCUDAStream().stream();
}

Number type_of(const torch::Tensor& x) {
  return x.scalar_type() == torch::kFloat32 ? Number::kFloat : Number::kBf16;
}

Rows rows_of(const torch::Tensor& x) {
  return {x.numel() / x.size(-1), x.size(-1)};
}

void* at(const torch::Tensor& x) {
  SKILLIT_ASSERT(!x.defined() || x.is_contiguous());
  return x.defined() ? x.data_ptr() : nullptr;
}
template <typename T>
T* at(const torch::Tensor& x) {
  return static_cast<T*>(at(x));
}

/// A kernel that could not be started says so only here.
void expect_started() {
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

}  // namespace

void measure_gradient(const torch::Tensor& gradient, const torch::Tensor& loss, double clip,
                      torch::Tensor& parts, torch::Tensor& outcome) {
  measure_gradient(at(gradient), type_of(gradient), gradient.numel(), at<float>(loss),
                   static_cast<float>(clip), at<double>(parts), at<StepOutcome>(outcome), stream());
  expect_started();
}

void adamw(const AdamWBuffers& buffers, const torch::Tensor& factors,
           const torch::Tensor& outcome) {
  const AdamWMemory memory{at(buffers.gradient), at<float>(buffers.master),
                           at<float>(buffers.first), at<float>(buffers.second),
                           at(buffers.compute)};
  adamw(memory, type_of(buffers.gradient), {buffers.begin, buffers.count},
        at<AdamWFactors>(factors), at<StepOutcome>(outcome), stream());
  expect_started();
}

bool has_kernels_for(const torch::Tensor& x) {
  return x.is_cuda() && x.size(-1) % 8 == 0 && x.numel() > 0 &&
         (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16);
}

std::pair<torch::Tensor, torch::Tensor> normalize(const torch::Tensor& x,
                                                  const torch::Tensor& weight,
                                                  const torch::Tensor& bias, double epsilon) {
  const Rows size = rows_of(x);
  auto y = torch::empty_like(x);
  auto scales = torch::empty({size.rows, 2}, x.options().dtype(torch::kFloat32));
  normalize(at(x), at(weight), at(bias), type_of(x), size, static_cast<float>(epsilon), at(y),
            at<float>(scales), stream());
  expect_started();
  return {y, scales};
}

torch::Tensor normalize_back(const torch::Tensor& x, const torch::Tensor& weight,
                             const torch::Tensor& scales, const torch::Tensor& slopes,
                             const torch::Tensor& added) {
  auto x_slopes = torch::empty_like(x);
  normalize_back(at(x), at(weight), at(slopes), at(added), at<float>(scales), type_of(x),
                 rows_of(x), at(x_slopes), stream());
  expect_started();
  return x_slopes;
}

void add_norm_gradients(const torch::Tensor& x, const torch::Tensor& scales,
                        const torch::Tensor& slopes, torch::Tensor& weight_gradient,
                        torch::Tensor& bias_gradient) {
  add_column_sums(at(slopes), at(x), at<float>(scales), type_of(x), rows_of(x), at(bias_gradient),
                  at(weight_gradient), stream());
  expect_started();
}

void add_column_sums(const torch::Tensor& slopes, torch::Tensor& sums) {
  add_column_sums(at(slopes), nullptr, nullptr, type_of(slopes), rows_of(slopes), at(sums), nullptr,
                  stream());
  expect_started();
}

torch::Tensor softmax_slope(torch::Tensor& logits, std::int64_t vocabulary,
                            const torch::Tensor& targets, double share) {
  const Rows size{logits.size(0), vocabulary};
  auto losses = torch::empty({size.rows}, logits.options().dtype(torch::kFloat32));
  softmax_slope(at(logits), logits.size(1), at<std::int64_t>(targets), type_of(logits), size,
                static_cast<float>(share), at<float>(losses), stream());
  expect_started();
  return losses;
}

torch::Tensor add_bias(const torch::Tensor& x, const torch::Tensor& bias) {
  auto y = torch::empty_like(x);
  add_bias(at(x), at(bias), type_of(x), rows_of(x), at(y), stream());
  expect_started();
  return y;
}

torch::Tensor put_rows(const torch::Tensor& rows, const torch::Tensor& places, std::int64_t count) {
  auto to = torch::zeros({count, rows.size(1)}, rows.options());
  put_rows(at(rows), at<std::int64_t>(places), type_of(rows), rows_of(rows), at(to), stream());
  expect_started();
  return to;
}

bool can_add_rows(const torch::Tensor& tokens, const torch::Tensor& table) {
  constexpr std::int64_t kMostTokens = 1 << 14;  // Each is compared with every other.
  return has_kernels_for(table) && table.size(-1) <= kWidestRow && tokens.numel() <= kMostTokens &&
         tokens.numel() > 0;
}

void add_rows(const torch::Tensor& tokens, const torch::Tensor& slopes, torch::Tensor& table) {
  add_rows(at<std::int64_t>(tokens), at(slopes), type_of(slopes), rows_of(slopes), at(table),
           stream());
  expect_started();
}

}  // namespace skillit::gpu
