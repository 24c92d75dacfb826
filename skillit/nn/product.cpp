#include "skillit/nn/product.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "skillit/nn/cpu_kernels_private.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/nn/gpu_kernels.h"
#include "skillit/nn/gpu_product.h"
#include "skillit/nn/kernel_data_private.h"

namespace skillit {
namespace {

/// A matrix of so many numbers at most, all of which stay in the second cache, is small.
constexpr std::int64_t kSmall = 1 << 16;
/// Rows that a thread takes at a time: whole tiles, and few enough to be in a cache afterwards.
constexpr std::int64_t kRowsPerTask = 24;

bool is_small(const torch::Tensor& weight) {
  return weight.is_cpu() && weight.scalar_type() == torch::kFloat32 && weight.numel() <= kSmall &&
         weight.size(0) % kPanel == 0 && weight.size(1) % kPanel == 0;
}

/// What is done with each number of a product: bias, factor, sum; each where defined.
struct Afterwards {
  torch::Tensor bias, factor, added;
};

/// x times the small weight, turned or not. Calls finish(begin, count, y) for numbers that are
/// done.
template <typename Finish>
torch::Tensor multiply(const torch::Tensor& x, const torch::Tensor& weight, bool turned,
                       const Afterwards& afterwards, const Finish& finish) {
  const std::int64_t depth = weight.size(turned ? 1 : 0);
  const std::int64_t columns = weight.size(turned ? 0 : 1);
  const auto panels = aligned_floats(weight.numel());
  product_kernels().pack(data<float>(weight), depth, columns, turned, panels.get());
  auto y = torch::empty({x.size(0), columns}, x.options());
  const Product task{depth,
                     columns,
                     data<float>(x),
                     panels.get(),
                     data<float>(afterwards.bias),
                     data<float>(afterwards.factor),
                     data<float>(afterwards.added),
                     data<float>(y)};
  for_each_piece(x.size(0), kRowsPerTask, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
    product_kernels().multiply(task, begin, end);
    finish(begin * columns, (end - begin) * columns, task.y);
  });
  return y;
}

torch::Tensor sum_of(const torch::Tensor& added, const torch::Tensor& bias) {
  if (!bias.defined()) return added.clone();
  return gpu::has_kernels_for(added) ? gpu::add_bias(added, bias) : added + bias;
}

constexpr auto kNothing = [](std::int64_t, std::int64_t, float*) {};

}  // namespace

torch::Tensor product(const torch::Tensor& x, const torch::Tensor& weight,
                      const torch::Tensor& bias, const torch::Tensor& added) {
  if (is_small(weight)) return multiply(x, weight, true, {bias, {}, added}, kNothing);
  if (gpu::can_multiply(x, weight)) return gpu::small_product(x, weight, bias, added);
  if (!added.defined())
    return torch::linear(x, weight, bias.defined() ? std::optional(bias) : std::nullopt);
  return sum_of(added, bias).addmm_(x, weight.t());
}

torch::Tensor gelu_of_product(const torch::Tensor& x, const torch::Tensor& weight,
                              const torch::Tensor& bias, bool tanh, const torch::Tensor& slopes) {
  if (!x.is_cpu()) return gpu::small_product_gelu(x, weight, bias, tanh, slopes);
  if (is_small(weight)) {
    float* const to = data<float>(slopes);
    return multiply(x, weight, true, {bias, {}, {}},
                    [=](std::int64_t begin, std::int64_t count, float* y) {
                      cpu_kernels<float>().gelu(y + begin, nullptr, count, tanh, y + begin,
                                                to == nullptr ? to : to + begin);
                    });
  }
  // The bias with gelu, row by row: of a product and a bias torch makes two passes, too.
  auto y = torch::mm(x, weight.t());
  const std::int64_t width = y.size(1);
  with_type_of(y, [&]<typename Number>(Number) {
    Number* const to = data<Number>(slopes);
    at::parallel_for(0, y.size(0), kRowsPerTask, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin * width; row < end * width; row += width) {
        Number* const numbers = data<Number>(y) + row;
        cpu_kernels<Number>().gelu(numbers, data<Number>(bias), width, tanh, numbers,
                                   to == nullptr ? to : to + row);
      }
    });
  });
  return y;
}

torch::Tensor product_back(const torch::Tensor& slopes, const torch::Tensor& weight,
                           const torch::Tensor& factor) {
  if (gpu::can_multiply(slopes, weight)) return gpu::small_product_back(slopes, weight, factor);
  if (!is_small(weight)) {
    auto result = torch::mm(slopes, weight);
    return factor.defined() ? result.mul_(factor) : result;
  }
  return multiply(slopes, weight, false, {{}, factor, {}}, kNothing);
}

void add_weight_gradient(const torch::Tensor& slopes, const torch::Tensor& x,
                         torch::Tensor weight_gradient, torch::Tensor bias_gradient) {
  if (!is_small(weight_gradient)) {
    if (gpu::can_multiply(x, weight_gradient))
      return gpu::add_small_gradient(slopes, x, weight_gradient, bias_gradient);
    gpu::SideWork::run({slopes, x}, [&] {
      weight_gradient.addmm_(slopes.t(), x);
      if (!bias_gradient.defined()) return;
      if (gpu::has_kernels_for(slopes))
        gpu::add_column_sums(slopes, bias_gradient);
      else
        bias_gradient.add_(slopes.sum(0));
    });
    return;
  }
  const WeightGradient task{x.size(0),
                            x.size(1),
                            slopes.size(1),
                            data<float>(slopes),
                            data<float>(x),
                            data<float>(weight_gradient),
                            data<float>(bias_gradient)};
  at::parallel_for(0, task.out / kPanel, 1, [&](std::int64_t begin, std::int64_t end) {
    const auto scratch = aligned_floats(kGradientDepth * task.in);
    product_kernels().add_weight_gradient(task, begin * kPanel, end * kPanel, scratch.get());
  });
}

}  // namespace skillit
