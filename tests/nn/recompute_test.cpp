#include "skillit/nn/recompute.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "skillit/base/rng.h"
#include "skillit/nn/cross_entropy.h"
#include "skillit/nn/gpt.h"
#include "tests/support/model_forms.h"
#include "tests/support/peak_memory.h"

namespace skillit {
namespace {

constexpr std::int64_t kVocabulary = 11;

Architecture plain(std::int64_t layers = 4) {
  GptOptions options;
  options.layers = layers;
  options.width = 16;
  options.heads = 2;
  options.context = 32;
  return architecture_of(options, kVocabulary);
}

/// Sequences of 12 tokens in two documents; all tokens or the last alone are scored.
Batch batch(bool all_scored, bool documents = true, std::size_t sequences = 5) {
  SampleStore store;
  Rng rng(3, "recompute");
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < sequences; ++i) {
    std::vector<TokenId> tokens(12);
    for (auto& token : tokens) token = static_cast<TokenId>(rng.below(kVocabulary));
    std::vector<std::uint8_t> scored(tokens.size(), all_scored ? 1 : 0);
    scored.front() = 0;
    scored[5] = 0;
    scored.back() = 1;
    const std::vector<std::uint32_t> starts{5};
    store.add(documents ? Sample{tokens, scored, starts} : Sample{tokens, scored, {}});
  }
  for (std::size_t i = 0; i < store.size(); ++i) samples.push_back(store[i]);
  return make_batch(samples, torch::kCPU);
}

std::pair<torch::Tensor, torch::Tensor> loss_and_gradient(Gpt& model, const Batch& batch,
                                                          bool recompute) {
  model.parameters().zero_gradient();
  const auto loss = cross_entropy(model.hidden(batch, recompute), model.head(), batch.targets);
  loss.backward();
  return {loss.detach(), model.parameters().gradient().clone()};
}

TEST(Recomputed, TheGradientOfASquareByHand) {
  int calls = 0;
  const auto x = torch::tensor({3.0, -2.0}, torch::requires_grad());
  const auto y = recomputed(x, [&](const torch::Tensor& in) {
    ++calls;
    return in * in;
  });
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(torch::equal(y, torch::tensor({9.0, 4.0})));
  (y * torch::tensor({1.0, 10.0})).sum().backward();
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(torch::equal(x.grad(), torch::tensor({6.0, -40.0})));
}

TEST(Recompute, LossAndGradientAreTheSameBitsInEveryFamily) {
  for (const auto compute : {torch::kFloat32, torch::kBFloat16}) {
    const auto all = testing::family_forms(plain());
    for (std::size_t form = 0; form < all.size(); ++form) {
      Gpt model(all[form], 5, torch::kCPU, compute);
      for (const bool all_scored : {true, false}) {
        for (const bool documents : {true, false}) {
          const Batch input = batch(all_scored, documents);
          const auto [loss, gradient] = loss_and_gradient(model, input, false);
          const auto [same_loss, same_gradient] = loss_and_gradient(model, input, true);
          EXPECT_GT(gradient.to(torch::kFloat32).norm().item<double>(), 0);
          EXPECT_TRUE(torch::equal(loss, same_loss)) << form;
          EXPECT_TRUE(torch::equal(gradient, same_gradient)) << form;
        }
      }
    }
  }
}

std::int64_t peak_of_step(std::int64_t layers, bool recompute) {
  Gpt model(plain(layers), 5, torch::kCPU, torch::kFloat32);
  const Batch input = batch(true, false, 64);
  const testing::PeakMemory peak;
  cross_entropy(model.hidden(input, recompute), model.head(), input.targets).backward();
  return peak.bytes();
}

TEST(Recompute, ABlockMoreTakesMemoryForItsInputAlone) {
  constexpr std::int64_t kInput = 64 * 11 * 16 * 4;
  const auto per_block = [&](bool recompute) {
    return (peak_of_step(12, recompute) - peak_of_step(8, recompute)) / 4;
  };
  EXPECT_LT(per_block(true), 1.3 * kInput);
  EXPECT_GT(per_block(false), 12 * kInput);
}

TEST(Recompute, NothingIsKeptWithoutGradients) {
  const Gpt model(plain(), 5, torch::kCPU, torch::kFloat32);
  const torch::NoGradGuard no_gradient;
  const Batch input = batch(true);
  EXPECT_TRUE(torch::equal(model.hidden(input, true), model.hidden(input, false)));
}

}  // namespace
}  // namespace skillit
