#include "skillit/nn/layer_norm.h"

#include <torch/torch.h>

#include <vector>

#include "skillit/nn/cpu_kernels_private.h"
#include "skillit/nn/gpu_graph.h"
#include "skillit/nn/gpu_kernels.h"
#include "skillit/nn/kernel_data_private.h"

namespace skillit {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Rows that a thread takes at a time; the weights' gradients are summed by so many at first,
/// whatever the threads.
constexpr std::int64_t kRows = 128;

Norm norm_of(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
             double epsilon) {
  return {x.size(-1), data<float>(x), data<float>(weight), data<float>(bias),
          static_cast<float>(epsilon)};
}

class LayerNorm : public torch::autograd::Function<LayerNorm> {
 public:
  static variable_list forward(AutogradContext* context, const torch::Tensor& x,
                               const Weight& weight, const Weight& bias, double epsilon) {
    const auto input = x.contiguous();
    const std::int64_t rows = input.numel() / input.size(-1);
    const auto y = torch::empty_like(input);
    const auto scales = torch::empty({rows, 2}, input.options());
    const Norm norm = norm_of(input, weight.value, bias.value, epsilon);
    for_each_piece(rows, kRows, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
      norm_kernels().normalize(norm, begin, end, data<float>(y), data<RowScale>(scales));
    });
    context->set_materialize_grads(false);
    context->save_for_backward({input, scales, weight.value.detach()});
    context->saved_data["gradients"] = std::vector<torch::Tensor>{weight.gradient, bias.gradient};
    return {y, x};
  }

  static variable_list backward(AutogradContext* context, variable_list outer) {
    if (!outer[0].defined()) return {outer[1], {}, {}, {}};
    const auto saved = context->get_saved_variables();
    const auto& x = saved[0];
    const std::int64_t width = x.size(-1);
    const std::int64_t rows = x.numel() / width;
    const auto y_slopes = outer[0].contiguous();
    const auto added = outer[1].defined() ? outer[1].contiguous() : torch::Tensor();
    const auto x_slopes = torch::empty_like(x);
    const auto sums = torch::zeros({(rows + kRows - 1) / kRows, 2, width}, x.options());
    const Norm norm = norm_of(x, saved[2], {}, 0);
    const NormSlopes slopes{data<float>(y_slopes), data<float>(added), data<float>(x_slopes)};
    for_each_piece(rows, kRows, [&](std::int64_t piece, std::int64_t begin, std::int64_t end) {
      float* const own = data<float>(sums) + piece * 2 * width;
      norm_kernels().normalize_back(norm, data<RowScale>(saved[1]), begin, end, slopes, own,
                                    own + width);
    });
    const auto total = sums.sum(0);
    auto gradients = context->saved_data["gradients"].toTensorVector();
    for (std::size_t i = 0; i < 2; ++i) gradients[i].add_(total[static_cast<std::int64_t>(i)]);
    return {x_slopes, {}, {}, {}};
  }
};

/// The same on a GPU, in any type.
class GpuLayerNorm : public torch::autograd::Function<GpuLayerNorm> {
 public:
  static variable_list forward(AutogradContext* context, const torch::Tensor& x,
                               const Weight& weight, const Weight& bias, double epsilon) {
    const auto input = x.contiguous();
    const auto [y, scales] = gpu::normalize(input, weight.value, bias.value, epsilon);
    context->set_materialize_grads(false);
    context->save_for_backward({input, scales, weight.value.detach()});
    context->saved_data["gradients"] = std::vector<torch::Tensor>{weight.gradient, bias.gradient};
    return {y, x};
  }

  static variable_list backward(AutogradContext* context, variable_list outer) {
    if (!outer[0].defined()) return {outer[1], {}, {}, {}};
    const auto saved = context->get_saved_variables();
    const auto slopes = outer[0].contiguous();
    const auto added = outer[1].defined() ? outer[1].contiguous() : torch::Tensor();
    auto gradients = context->saved_data["gradients"].toTensorVector();
    gpu::SideWork::run({saved[0], saved[1], slopes}, [&] {
      gpu::add_norm_gradients(saved[0], saved[1], slopes, gradients[0], gradients[1]);
    });
    return {gpu::normalize_back(saved[0], saved[2], saved[1], slopes, added), {}, {}, {}};
  }
};

}  // namespace

Normed layer_norm(const torch::Tensor& x, const Weight& weight, const Weight& bias,
                  double epsilon) {
  if (x.is_cpu() && x.scalar_type() == torch::kFloat32 && x.size(-1) % 8 == 0) {
    const auto results = LayerNorm::apply(x, weight, bias, epsilon);
    return {results[0], results[1]};
  }
  if (gpu::can_normalize(x)) {
    const auto results = GpuLayerNorm::apply(x, weight, bias, epsilon);
    return {results[0], results[1]};
  }
  return {torch::layer_norm(x, {x.size(-1)}, weight.value, bias.value, epsilon), x};
}

}  // namespace skillit
