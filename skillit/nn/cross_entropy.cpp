#include "skillit/nn/cross_entropy.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/nn/cpu_kernels_private.h"
#include "skillit/nn/gpu_kernels.h"

namespace skillit {
namespace {

/// Positions per chunk: about 16 MiB of float32 logits, on a GPU 256 MiB.
std::int64_t chunk_rows(const torch::Tensor& head) {
  return std::max<std::int64_t>(64, (head.is_cpu() ? 1 << 22 : 1 << 26) / head.size(0));
}

/// [rows, V], float32 whatever the compute type.
torch::Tensor logits_of(const torch::Tensor& hidden, const torch::Tensor& head) {
  return torch::matmul(hidden, head.t()).to(torch::kFloat32);
}

/// Of the softmax: [rows, 1].
torch::Tensor log_total_of(const torch::Tensor& logits) {
  return torch::logsumexp(logits, {1}, /*keepdim=*/true);
}

/// [rows]
torch::Tensor losses_of(const torch::Tensor& logits, const torch::Tensor& log_total,
                        const torch::Tensor& targets) {
  return (log_total - logits.gather(1, targets.unsqueeze(1))).squeeze(1);
}

/// logits, float32 on a CPU, of which the first `vocabulary` columns are tokens' -> the gradient of
/// the mean over `count` positions; adds the losses to `total` (float64), over the count.
void slope_of(torch::Tensor& logits, std::int64_t vocabulary, const torch::Tensor& targets,
              std::int64_t count, torch::Tensor& total) {
  if (!logits.is_cpu()) {
    const double share = 1 / static_cast<double>(count);
    total += gpu::softmax_slope(logits, vocabulary, targets, share).sum(torch::kFloat64);
    return;
  }
  SKILLIT_ASSERT(logits.size(1) == vocabulary);
  SKILLIT_ASSERT(logits.size(0) == 0 || (targets.min().item<std::int64_t>() >= 0 &&
                                         targets.max().item<std::int64_t>() < vocabulary));
  std::vector<double> losses(static_cast<std::size_t>(logits.size(0)));
  at::parallel_for(0, logits.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      losses[static_cast<std::size_t>(row)] =
          softmax_slope()(logits.data_ptr<float>() + row * vocabulary, vocabulary,
                          targets.data_ptr<std::int64_t>()[row], 1 / static_cast<float>(count));
    }
  });
  total += std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(count);
}

class ChunkedCrossEntropy : public torch::autograd::Function<ChunkedCrossEntropy> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& hidden, const torch::Tensor& head,
                               const torch::Tensor& targets, std::int64_t count,
                               std::int64_t vocabulary) {
    const std::int64_t scored = targets.size(0);
    const std::int64_t rows = chunk_rows(head);
    const bool whole = scored <= rows;
    auto hidden_gradient = torch::empty_like(hidden);
    auto head_gradient = whole ? torch::Tensor() : torch::zeros(head.sizes(), head.options());
    torch::Tensor slopes;
    auto total = torch::zeros({}, hidden.options().dtype(torch::kFloat64));
    for (std::int64_t begin = 0; begin < scored; begin += rows) {
      const std::int64_t size = std::min(rows, scored - begin);
      const auto part = hidden.narrow(0, begin, size);
      auto logits = part.is_cpu() ? logits_of(part, head) : torch::matmul(part, head.t());
      slope_of(logits, vocabulary, targets.narrow(0, begin, size), count, total);
      slopes = logits.to(hidden.scalar_type());
      hidden_gradient.narrow(0, begin, size).copy_(torch::matmul(slopes, head));
      if (!whole) head_gradient.addmm_(slopes.t(), part);
    }
    // Of a single chunk the slopes are kept: with hidden they make the head's gradient in place.
    context->save_for_backward({hidden_gradient, whole ? slopes : head_gradient, hidden, head});
    context->saved_data["whole"] = whole;
    return total.to(torch::kFloat32);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outer) {
    const auto saved = context->get_saved_variables();
    const auto scale = [&](const torch::Tensor& gradient) {
      return gradient * outer[0].to(gradient.scalar_type());
    };
    const torch::Tensor& head = saved[3];
    torch::Tensor head_gradient;
    if (!context->saved_data["whole"].toBool()) {
      head_gradient = scale(saved[1]);
    } else if (head.is_leaf() && head.grad().defined()) {  // What autograd would do, in one pass.
      head.mutable_grad().addmm_(saved[1].t(), scale(saved[2]));
    } else {
      head_gradient = torch::matmul(saved[1].t(), scale(saved[2]));
    }
    return {scale(saved[0]), head_gradient, torch::Tensor(), torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor cross_entropy(const torch::Tensor& hidden, const torch::Tensor& head,
                            const torch::Tensor& targets, std::optional<std::int64_t> count,
                            std::optional<std::int64_t> vocabulary) {
  return ChunkedCrossEntropy::apply(hidden, head, targets, count.value_or(targets.size(0)),
                                    vocabulary.value_or(head.size(0)));
}

Scores score(const torch::Tensor& hidden, const torch::Tensor& head, const torch::Tensor& targets) {
  const torch::NoGradGuard no_gradient;
  const std::int64_t rows = chunk_rows(head);
  std::vector<torch::Tensor> losses;
  std::vector<torch::Tensor> correct;
  for (std::int64_t begin = 0; begin < targets.size(0); begin += rows) {
    const std::int64_t size = std::min(rows, targets.size(0) - begin);
    const auto target = targets.narrow(0, begin, size);
    const auto logits = logits_of(hidden.narrow(0, begin, size), head);
    losses.push_back(losses_of(logits, log_total_of(logits), target));
    correct.push_back(logits.argmax(1) == target);
  }
  return {torch::cat(losses), torch::cat(correct)};
}

}  // namespace skillit
