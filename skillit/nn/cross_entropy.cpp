#include "skillit/nn/cross_entropy.h"

#include <torch/torch.h>

#include <algorithm>

namespace skillit {
namespace {

/// Positions per chunk: about 16 MiB of float32 logits.
std::int64_t chunk_rows(std::int64_t vocabulary) {
  return std::max<std::int64_t>(64, (1 << 22) / vocabulary);
}

struct Chunk {
  torch::Tensor logits;     // [rows, V] float32
  torch::Tensor log_total;  // [rows, 1]
  torch::Tensor losses;     // [rows]
};

Chunk score_chunk(const torch::Tensor& hidden, const torch::Tensor& head,
                  const torch::Tensor& targets) {
  const auto logits = torch::matmul(hidden, head.t()).to(torch::kFloat32);
  const auto log_total = torch::logsumexp(logits, {1}, /*keepdim=*/true);
  return {logits, log_total, (log_total - logits.gather(1, targets.unsqueeze(1))).squeeze(1)};
}

class ChunkedCrossEntropy : public torch::autograd::Function<ChunkedCrossEntropy> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& hidden, const torch::Tensor& head,
                               const torch::Tensor& targets) {
    const std::int64_t count = targets.size(0);
    const std::int64_t rows = chunk_rows(head.size(0));
    auto hidden_gradient = torch::empty_like(hidden);
    auto head_gradient = torch::zeros(head.sizes(), head.options());
    auto total = torch::zeros({}, hidden.options().dtype(torch::kFloat64));
    for (std::int64_t begin = 0; begin < count; begin += rows) {
      const std::int64_t size = std::min(rows, count - begin);
      const auto part = hidden.narrow(0, begin, size);
      const auto target = targets.narrow(0, begin, size).unsqueeze(1);
      auto [logits, log_total, losses] = score_chunk(part, head, targets.narrow(0, begin, size));
      total += losses.sum(torch::kFloat64);
      auto slope =
          logits.sub_(log_total).exp_();  // softmax, then minus the one-hot target, over the count
      slope.scatter_add_(1, target, torch::full({size, 1}, -1.0, slope.options()));
      const auto gradient = slope.div_(static_cast<double>(count)).to(hidden.scalar_type());
      hidden_gradient.narrow(0, begin, size).copy_(torch::matmul(gradient, head));
      head_gradient.addmm_(gradient.t(), part);
    }
    context->save_for_backward({hidden_gradient, head_gradient});
    return (total / static_cast<double>(count)).to(torch::kFloat32);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list outer) {
    const auto saved = context->get_saved_variables();
    const auto scale = [&](const torch::Tensor& gradient) {
      return gradient * outer[0].to(gradient.scalar_type());
    };
    return {scale(saved[0]), scale(saved[1]), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor cross_entropy(const torch::Tensor& hidden, const torch::Tensor& head,
                            const torch::Tensor& targets) {
  return ChunkedCrossEntropy::apply(hidden, head, targets);
}

Scores score(const torch::Tensor& hidden, const torch::Tensor& head, const torch::Tensor& targets) {
  const torch::NoGradGuard no_gradient;
  const std::int64_t rows = chunk_rows(head.size(0));
  std::vector<torch::Tensor> losses;
  std::vector<torch::Tensor> correct;
  for (std::int64_t begin = 0; begin < targets.size(0); begin += rows) {
    const std::int64_t size = std::min(rows, targets.size(0) - begin);
    const auto target = targets.narrow(0, begin, size);
    const Chunk chunk = score_chunk(hidden.narrow(0, begin, size), head, target);
    losses.push_back(chunk.losses);
    correct.push_back(chunk.logits.argmax(1) == target);
  }
  return {torch::cat(losses), torch::cat(correct)};
}

}  // namespace skillit
