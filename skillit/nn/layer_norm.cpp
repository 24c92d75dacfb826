#include "skillit/nn/layer_norm.h"

#include <torch/torch.h>

#include <utility>
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

/// Whether there are loops or kernels of our own for x.
bool has_own(const torch::Tensor& x) {
  if (!x.is_cpu()) return gpu::has_kernels_for(x);
  return x.size(-1) % kWidest == 0 &&
         (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16);
}

template <typename Number>
Norm<Number> norm_of(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                     double epsilon) {
  return {x.size(-1), data<Number>(x), data<Number>(weight), data<Number>(bias),
          static_cast<float>(epsilon)};
}

/// y, and what the way back needs: float32 [rows, 2].
std::pair<torch::Tensor, torch::Tensor> normalize(const torch::Tensor& x,
                                                  const torch::Tensor& weight,
                                                  const torch::Tensor& bias, double epsilon) {
  if (!x.is_cpu()) return gpu::normalize(x, weight, bias, epsilon);
  const std::int64_t rows = x.numel() / x.size(-1);
  const auto y = torch::empty_like(x);
  const auto scales = torch::empty({rows, 2}, x.options().dtype(torch::kFloat32));
  with_type_of(x, [&]<typename Number>(Number) {
    const Norm<Number> norm = norm_of<Number>(x, weight, bias, epsilon);
    for_each_piece(rows, kRows, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
      norm_kernels<Number>().normalize(norm, begin, end, data<Number>(y), data<RowScale>(scales));
    });
  });
  return {y, scales};
}

/// A norm on its way back.
struct Back {
  torch::Tensor x, scales, weight;
  torch::Tensor slopes;  ///< Of the result.
  torch::Tensor added;   ///< One more gradient of x; may be undefined.
  torch::Tensor weight_gradient, bias_gradient;
};

torch::Tensor gradient_on_cpu(Back& back) {
  const std::int64_t width = back.x.size(-1);
  const std::int64_t rows = back.x.numel() / width;
  const auto x_slopes = torch::empty_like(back.x);
  const auto sums = torch::zeros({(rows + kRows - 1) / kRows, 2, width}, back.scales.options());
  with_type_of(back.x, [&]<typename Number>(Number) {
    const Norm<Number> norm = norm_of<Number>(back.x, back.weight, {}, 0);
    const NormSlopes<Number> slopes{data<Number>(back.slopes), data<Number>(back.added),
                                    data<Number>(x_slopes)};
    for_each_piece(rows, kRows, [&](std::int64_t piece, std::int64_t begin, std::int64_t end) {
      float* const own = data<float>(sums) + piece * 2 * width;
      norm_kernels<Number>().normalize_back(norm, data<RowScale>(back.scales), begin, end, slopes,
                                            own, own + width);
    });
  });
  const auto total = sums.sum(0);
  back.weight_gradient.add_(total[0]);
  back.bias_gradient.add_(total[1]);
  return x_slopes;
}

torch::Tensor gradient_on_gpu(Back& back) {
  gpu::SideWork::run({back.x, back.scales, back.slopes}, [&] {
    gpu::add_norm_gradients(back.x, back.scales, back.slopes, back.weight_gradient,
                            back.bias_gradient);
  });
  return gpu::normalize_back(back.x, back.weight, back.scales, back.slopes, back.added);
}

class LayerNorm : public torch::autograd::Function<LayerNorm> {
 public:
  static variable_list forward(AutogradContext* context, const torch::Tensor& x,
                               const Weight& weight, const Weight& bias, double epsilon) {
    const auto input = x.contiguous();
    const auto [y, scales] = normalize(input, weight.value, bias.value, epsilon);
    context->set_materialize_grads(false);
    context->save_for_backward({input, scales, weight.value.detach()});
    context->saved_data["gradients"] = std::vector<torch::Tensor>{weight.gradient, bias.gradient};
    return {y, x};
  }

  static variable_list backward(AutogradContext* context, variable_list outer) {
    if (!outer[0].defined()) return {outer[1], {}, {}, {}};
    const auto saved = context->get_saved_variables();
    const auto gradients = context->saved_data["gradients"].toTensorVector();
    Back back{saved[0],
              saved[1],
              saved[2],
              outer[0].contiguous(),
              outer[1].defined() ? outer[1].contiguous() : torch::Tensor(),
              gradients[0],
              gradients[1]};
    return {back.x.is_cpu() ? gradient_on_cpu(back) : gradient_on_gpu(back), {}, {}, {}};
  }
};

}  // namespace

Normed layer_norm(const torch::Tensor& x, const Weight& weight, const Weight& bias,
                  double epsilon) {
  if (has_own(x)) {
    const auto results = LayerNorm::apply(x, weight, bias, epsilon);
    return {results[0], results[1]};
  }
  return {torch::layer_norm(x, {x.size(-1)}, weight.value, bias.value, epsilon), x};
}

}  // namespace skillit
