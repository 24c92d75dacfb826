#include "skillit/nn/gpu_product.h"

#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/torch.h>

#include "skillit/base/error.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/nn/gpu_product_private.h"

namespace skillit::gpu {
namespace {

/// What is larger fills a GPU by itself, and the product of torch's library is faster.
constexpr std::int64_t kMostWeights = 1 << 16;
constexpr std::int64_t kMostRows = 1 << 12;

Stream stream() {
  return c10::cuda::getCurrentCUDAStream().stream();
}

float* at(const torch::Tensor& x) {
  SKILLIT_ASSERT(!x.defined() || (x.is_contiguous() && x.scalar_type() == torch::kFloat32));
  return x.defined() ? x.data_ptr<float>() : nullptr;
}

/// The product alone; the caller says what is done with it.
SmallProduct task_of(const torch::Tensor& x, const torch::Tensor& weight, bool turned) {
  SmallProduct task{};
  task.rows = x.size(0);
  task.depth = x.size(1);
  task.columns = weight.size(turned ? 0 : 1);
  task.x = at(x);
  task.weight = at(weight);
  task.turned = turned;
  return task;
}

torch::Tensor result_of(SmallProduct task, const torch::Tensor& x) {
  auto y = torch::empty({task.rows, task.columns}, x.options());
  task.y = at(y);
  multiply(task, stream());
  C10_CUDA_KERNEL_LAUNCH_CHECK();
  return y;
}

}  // namespace

bool can_multiply(const torch::Tensor& x, const torch::Tensor& weight) {
  return x.is_cuda() && x.scalar_type() == torch::kFloat32 && x.numel() > 0 &&
         x.numel() / x.size(-1) <= kMostRows && weight.numel() <= kMostWeights &&
         weight.size(0) % kProductTile == 0 && weight.size(1) % kProductTile == 0;
}

torch::Tensor small_product(const torch::Tensor& x, const torch::Tensor& weight,
                            const torch::Tensor& bias, const torch::Tensor& added) {
  SmallProduct task = task_of(x, weight, true);
  task.bias = at(bias);
  task.added = at(added);
  return result_of(task, x);
}

torch::Tensor small_product_gelu(const torch::Tensor& x, const torch::Tensor& weight,
                                 const torch::Tensor& bias, bool tanh,
                                 const torch::Tensor& slopes) {
  SmallProduct task = task_of(x, weight, true);
  task.bias = at(bias);
  task.gelu = tanh ? Gelu::kTanh : Gelu::kExact;
  task.gelu_slopes = at(slopes);
  return result_of(task, x);
}

torch::Tensor small_product_back(const torch::Tensor& slopes, const torch::Tensor& weight,
                                 const torch::Tensor& factor) {
  SmallProduct task = task_of(slopes, weight, false);
  task.factor = at(factor);
  return result_of(task, slopes);
}

void add_small_gradient(const torch::Tensor& slopes, const torch::Tensor& x,
                        torch::Tensor& weight_gradient, torch::Tensor& bias_gradient) {
  SideWork::add({slopes, x}, {x.size(0), x.size(1), slopes.size(1), at(slopes), at(x),
                              at(weight_gradient), at(bias_gradient)});
}

}  // namespace skillit::gpu
