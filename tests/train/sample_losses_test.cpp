#include "skillit/train/sample_losses.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "skillit/base/rng.h"
#include "skillit/train/evaluator.h"

namespace skillit {
namespace {

constexpr std::int64_t kVocabulary = 7;

Gpt tiny_model() {
  GptOptions options;
  options.layers = 2;
  options.width = 16;
  options.heads = 2;
  options.context = 16;
  return {options, kVocabulary, 1, torch::kCPU, torch::kFloat32};
}

/// Samples of 2 to 9 tokens; of each at least the last is scored.
SampleStore random_samples(std::size_t count) {
  SampleStore store;
  Rng rng(3, "random samples");
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<TokenId> tokens(2 + rng.below(8));
    std::vector<std::uint8_t> scored(tokens.size(), 0);
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      tokens[t] = static_cast<TokenId>(rng.below(kVocabulary));
      scored[t] = t > 0 && rng.below(2) == 0 ? 1 : 0;
    }
    scored.back() = 1;
    store.add(tokens, scored);
  }
  return store;
}

// A skill that holds the sample alone has its loss.
TEST(SampleLosses, AreThoseThatEachSampleHasAlone) {
  const Gpt model = tiny_model();
  const SampleStore store = random_samples(40);
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < store.size(); ++i) samples.push_back(store[i]);
  const std::vector<double> losses = sample_losses(model, samples, {.samples = 8});
  ASSERT_EQ(losses.size(), samples.size());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    SampleStore alone;
    alone.add(samples[i].tokens, samples[i].scored);
    const Evaluator evaluator({alone}, SkillSet({"s"}), {}, torch::kCPU);
    EXPECT_NEAR(losses[i], evaluator.measure(model).losses[0], 1e-5) << "sample " << i;
  }
  EXPECT_NEAR(losses[0], std::log(kVocabulary), 1);  // Hardly anything is known yet.
}

TEST(SampleLosses, DoNotDependOnTheOrderOrTheBatch) {
  const Gpt model = tiny_model();
  const SampleStore store = random_samples(25);
  std::vector<Sample> samples, turned;
  for (std::size_t i = 0; i < store.size(); ++i) samples.push_back(store[i]);
  turned.assign(samples.rbegin(), samples.rend());
  const auto one = sample_losses(model, samples, {.samples = 4});
  auto other = sample_losses(model, turned, {});
  std::reverse(other.begin(), other.end());
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(one[i], other[i], 1e-5);
}

}  // namespace
}  // namespace skillit
