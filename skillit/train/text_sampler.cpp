#include "skillit/train/text_sampler.h"

#include <torch/torch.h>

#include <algorithm>

#include "skillit/base/error.h"

namespace skillit {
namespace {

/// Logits of what follows the last tokens of `text` that fit into the context, float64 on the host.
torch::Tensor next_logits(const Gpt& model, const std::vector<TokenId>& text) {
  const auto context = static_cast<std::size_t>(model.architecture().context);
  std::vector<TokenId> seen(
      text.end() - static_cast<std::ptrdiff_t>(std::min(context, text.size())), text.end());
  seen.push_back(0);  // Whose prediction is asked; its own id does not matter.
  std::vector<std::uint8_t> scored(seen.size(), 0);
  scored.back() = 1;
  const Sample sample{seen, scored};
  const Batch batch = make_batch({&sample, 1}, model.device());
  return torch::matmul(model.hidden(batch), model.head().t())
      .to(torch::kCPU, torch::kFloat64)
      .flatten();
}

std::int64_t draw(torch::Tensor logits, const SamplingOptions& options, Rng& rng) {
  if (options.vocabulary > 0)
    logits = logits.narrow(0, 0, std::min(options.vocabulary, logits.size(0)));
  if (options.temperature == 0) return logits.argmax().item<std::int64_t>();
  auto [values, ids] = logits.sort(/*stable=*/true, 0, /*descending=*/true);
  if (options.top_k > 0) values = values.narrow(0, 0, std::min(options.top_k, values.size(0)));
  const auto total = (values / options.temperature).softmax(0).cumsum(0);
  const double wanted = rng.uniform() * total[-1].item<double>();
  const auto place = (total <= wanted).sum().item<std::int64_t>();
  return ids[std::min(place, values.size(0) - 1)].item<std::int64_t>();
}

}  // namespace

std::vector<TokenId> sample_text(const Gpt& model, std::vector<TokenId> prompt,
                                 const SamplingOptions& options, Rng& rng) {
  if (prompt.empty()) fail(ErrorCode::kBadArgument, "sample: the prompt has no token");
  const torch::NoGradGuard no_gradient;
  std::vector<TokenId> text = std::move(prompt);
  const auto start = static_cast<std::ptrdiff_t>(text.size());
  for (std::int64_t i = 0; i < options.tokens; ++i) {
    const auto id = static_cast<TokenId>(draw(next_logits(model, text), options, rng));
    if (id == options.stop) break;
    text.push_back(id);
  }
  return {text.begin() + start, text.end()};
}

}  // namespace skillit
