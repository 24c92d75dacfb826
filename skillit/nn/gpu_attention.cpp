#include "skillit/nn/gpu_attention.h"

#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDAException.h>
#include <torch/torch.h>

#include "skillit/nn/gpu_attention_private.h"

namespace skillit::gpu {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

Stream stream() {
  return c10::cuda::getCurrentCUDAStream().stream();
}

const void* at(const torch::Tensor& x) {
  return x.defined() ? x.const_data_ptr() : nullptr;
}

/// What attention takes, contiguous.
struct Attended {
  std::int64_t heads, window;
  double scale;
  torch::Tensor rows, cosine, sine, starts;

  [[nodiscard]] ShortAttention input() const {
    return {rows.size(0),
            rows.size(1),
            heads,
            rows.size(2) / (3 * heads),
            cosine.defined() ? cosine.size(1) : 0,
            window,
            static_cast<float>(scale),
            at(rows),
            at(cosine),
            at(sine),
            starts.defined() ? starts.const_data_ptr<std::int64_t>() : nullptr};
  }
};

class ShortAttentionFunction : public torch::autograd::Function<ShortAttentionFunction> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& rows,
                               const Attended& attended) {
    Attended kept = attended;
    kept.rows = rows.contiguous();
    auto mixed = torch::empty({rows.size(0), rows.size(1), rows.size(2) / 3}, rows.options());
    if (rows.scalar_type() == torch::kFloat32)
      attend_floats(kept.input(), mixed.data_ptr<float>(), stream());
    else
      attend_halves(kept.input(), mixed.data_ptr(), stream());
    C10_CUDA_KERNEL_LAUNCH_CHECK();
    context->save_for_backward({kept.rows, kept.cosine, kept.sine, kept.starts});
    context->saved_data["heads"] = kept.heads;
    context->saved_data["window"] = kept.window;
    context->saved_data["scale"] = kept.scale;
    return mixed;
  }

  static variable_list backward(AutogradContext* context, variable_list outer) {
    const auto saved = context->get_saved_variables();
    const Attended kept{context->saved_data["heads"].toInt(),
                        context->saved_data["window"].toInt(),
                        context->saved_data["scale"].toDouble(),
                        saved[0],
                        saved[1],
                        saved[2],
                        saved[3]};
    const auto mixed_slopes = outer[0].contiguous();
    auto slopes = torch::empty_like(kept.rows);
    if (slopes.scalar_type() == torch::kFloat32) {
      attend_floats_back(kept.input(), mixed_slopes.const_data_ptr<float>(),
                         slopes.data_ptr<float>(), stream());
    } else {
      attend_halves_back(kept.input(), mixed_slopes.const_data_ptr(), slopes.data_ptr(), stream());
    }
    C10_CUDA_KERNEL_LAUNCH_CHECK();
    return {slopes, torch::Tensor()};
  }
};

}  // namespace

bool can_attend(const Architecture& model, std::int64_t length, torch::ScalarType type) {
  if (length > kLongest || model.kv_heads != model.heads || model.query_key_norm) return false;
  const bool floats = type == torch::kFloat32;
  if (!floats && type != torch::kBFloat16) return false;
  // Of wider heads in float32 torch's products are faster.
  if (floats ? !has_float_attention(model.head_width) : model.head_width % 16 != 0) return false;
  const auto memory = at::cuda::getCurrentDeviceProperties()->sharedMemPerBlockOptin;
  return (floats ? float_attention_memory(length, model.head_width)
                 : half_attention_memory(length, model.head_width)) <=
         static_cast<std::int64_t>(memory);
}

torch::Tensor short_attention(const torch::Tensor& rows, const Architecture& model,
                              const Rotary& rotary, std::int64_t window,
                              const torch::Tensor& starts) {
  const auto whole = [](const torch::Tensor& x) { return x.defined() ? x.contiguous() : x; };
  return ShortAttentionFunction::apply(rows, Attended{model.heads,
                                                      window,
                                                      model.attention_scale,
                                                      {},
                                                      whole(rotary.cosine),
                                                      whole(rotary.sine),
                                                      whole(starts)});
}

}  // namespace skillit::gpu
