#include "skillit/nn/fused_operations.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <memory>

#include "skillit/nn/cpu_kernels_private.h"
#include "skillit/nn/gpu_attention.h"
#include "skillit/nn/gpu_kernels.h"
#include "skillit/nn/kernel_data_private.h"

namespace skillit {
namespace {

constexpr std::int64_t kElementsPerTask = 1 << 14;

/// What attention takes, contiguous.
struct Attended {
  AttentionShape shape;
  torch::Tensor rows, cosine, sine, starts;

  template <typename Number>
  [[nodiscard]] AttentionInput<Number> of_sequence(std::int64_t b) const {
    return {data<Number>(rows) + b * shape.length * shape.row(), data<Number>(cosine),
            data<Number>(sine),
            starts.defined() ? data<std::int64_t>(starts) + b * shape.length : nullptr};
  }
  /// Calls work(sequence, kv_head, scratch) for all of them.
  template <typename Work>
  void for_each_head(const Work& work) const {
    const std::int64_t heads = shape.kv_heads;
    at::parallel_for(0, rows.size(0) * heads, 1, [&](std::int64_t begin, std::int64_t end) {
      const auto scratch = aligned_floats(attention_scratch(shape));
      for (std::int64_t i = begin; i < end; ++i) work(i / heads, i % heads, scratch.get());
    });
  }
};

class FusedAttention : public torch::autograd::Function<FusedAttention> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& rows,
                               const Attended& attended) {
    Attended kept = attended;
    kept.rows = rows.contiguous();
    const AttentionShape& shape = kept.shape;
    const std::int64_t width = shape.heads * shape.head_width;
    auto mixed = torch::empty({rows.size(0), shape.length, width}, rows.options());
    auto totals = torch::empty({rows.size(0), shape.heads, shape.length, 2},
                               rows.options().dtype(torch::kFloat32));
    with_type_of(rows, [&]<typename Number>(Number) {
      kept.for_each_head([&](std::int64_t b, std::int64_t head, float* scratch) {
        cpu_kernels<Number>().attend(shape, kept.of_sequence<Number>(b), head,
                                     data<Number>(mixed) + b * shape.length * width,
                                     data<SoftmaxTotal>(totals) + b * shape.heads * shape.length,
                                     scratch);
      });
    });
    context->save_for_backward({kept.rows, kept.cosine, kept.sine, kept.starts, totals});
    context->saved_data["shape"] =
        std::vector<std::int64_t>{shape.length,     shape.heads,       shape.kv_heads,
                                  shape.head_width, shape.rotary_half, shape.window};
    context->saved_data["scale"] = static_cast<double>(shape.scale);
    return mixed;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outer) {
    const auto saved = context->get_saved_variables();
    const auto sizes = context->saved_data["shape"].toIntVector();
    const AttentionShape shape{sizes[0],
                               sizes[1],
                               sizes[2],
                               sizes[3],
                               sizes[4],
                               sizes[5],
                               static_cast<float>(context->saved_data["scale"].toDouble())};
    const Attended kept{shape, saved[0], saved[1], saved[2], saved[3]};
    const auto& totals = saved[4];
    const auto mixed_slopes = outer[0].contiguous();
    auto slopes = torch::empty_like(kept.rows);
    const std::int64_t width = shape.heads * shape.head_width;
    with_type_of(slopes, [&]<typename Number>(Number) {
      kept.for_each_head([&](std::int64_t b, std::int64_t head, float* scratch) {
        cpu_kernels<Number>().attend_back(
            shape, kept.of_sequence<Number>(b), head,
            data<Number>(mixed_slopes) + b * shape.length * width,
            data<SoftmaxTotal>(totals) + b * shape.heads * shape.length,
            data<Number>(slopes) + b * shape.length * shape.row(), scratch);
      });
    });
    return {slopes, torch::Tensor()};
  }
};

class FusedGelu : public torch::autograd::Function<FusedGelu> {
 public:
  static torch::Tensor compute(const torch::Tensor& x, bool tanh, const torch::Tensor& slopes) {
    auto y = torch::empty_like(x);
    with_type_of(x, [&]<typename Number>(Number) {
      const auto work = [&](std::int64_t begin, std::int64_t end) {
        Number* const to = data<Number>(slopes);
        cpu_kernels<Number>().gelu(data<Number>(x) + begin, nullptr, end - begin, tanh,
                                   data<Number>(y) + begin, to == nullptr ? to : to + begin);
      };
      at::parallel_for(0, x.numel(), kElementsPerTask, work);
    });
    return y;
  }
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               bool tanh) {
    auto slopes = torch::empty_like(x);
    context->save_for_backward({slopes});
    return compute(x, tanh, slopes);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outer) {
    return {outer[0] * context->get_saved_variables()[0], torch::Tensor()};
  }
};

/// index_select, whose own way back adds rows in any order on a GPU.
class RowsAt : public torch::autograd::Function<RowsAt> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& places) {
    context->save_for_backward({places});
    context->saved_data["sizes"] = x.sizes().vec();
    return x.flatten(0, -2).index_select(0, places);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outer) {
    const auto sizes = context->saved_data["sizes"].toIntVector();
    std::int64_t count = 1;
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) count *= sizes[i];
    const auto slopes =
        gpu::put_rows(outer[0].contiguous(), context->get_saved_variables()[0], count);
    return {slopes.view(sizes), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor rows_at(const torch::Tensor& x, const torch::Tensor& places) {
  if (gpu::has_kernels_for(x)) return RowsAt::apply(x, places);
  return x.flatten(0, -2).index_select(0, places);
}

torch::Tensor fused_attention(const torch::Tensor& rows, const Architecture& model,
                              const Rotary& rotary, std::int64_t window,
                              const torch::Tensor& starts) {
  if (rows.is_cuda()) return gpu::short_attention(rows, model, rotary, window, starts);
  const bool turned = rotary.cosine.defined();
  const Attended attended{
      {rows.size(1), model.heads, model.kv_heads, model.head_width,
       turned ? rotary.cosine.size(1) : 0, window, static_cast<float>(model.attention_scale)},
      {},
      turned ? rotary.cosine.contiguous() : torch::Tensor(),
      turned ? rotary.sine.contiguous() : torch::Tensor(),
      starts.defined() ? starts.contiguous() : torch::Tensor()};
  return FusedAttention::apply(rows, attended);
}

torch::Tensor fused_gelu(const torch::Tensor& x, bool tanh) {
  const auto contiguous = x.contiguous();
  if (torch::GradMode::is_enabled()) return FusedGelu::apply(contiguous, tanh);
  return FusedGelu::compute(contiguous, tanh, {});
}

}  // namespace skillit
