#include "skillit/train/text_sampler.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <set>

#include "skillit/base/error.h"
#include "tests/nn/plain_gpt.h"

namespace skillit {
namespace {

constexpr std::int64_t kVocabulary = 7;

Gpt tiny_model() {
  GptOptions options;
  options.layers = 1;
  options.width = 16;
  options.heads = 2;
  options.context = 5;
  return {options, kVocabulary, 5, torch::kCPU, torch::kFloat32};
}

torch::Tensor plain_logits(const Gpt& model, const std::vector<TokenId>& text) {
  const std::size_t first = text.size() > 5 ? text.size() - 5 : 0;
  const std::vector<std::int64_t> seen(text.begin() + static_cast<std::ptrdiff_t>(first),
                                       text.end());
  return PlainGpt(model).logits(torch::tensor(seen))[-1];
}

TEST(SampleText, AtTemperatureZeroTheLikeliestOfThePlainModelAlsoBeyondTheContext) {
  const Gpt model = tiny_model();
  Rng rng(1);
  std::vector<TokenId> text{1, 2, 3};
  const auto more = sample_text(model, text, {.tokens = 8, .temperature = 0}, rng);
  ASSERT_EQ(more.size(), 8U);
  for (const TokenId id : more) {
    EXPECT_EQ(id, plain_logits(model, text).argmax().item<std::int64_t>());
    text.push_back(id);
  }
}

TEST(SampleText, DrawsWithTheProbabilitiesOfTheTemperature) {
  const Gpt model = tiny_model();
  const auto p = (plain_logits(model, {1, 2}) / 0.5).softmax(0);
  constexpr int kDraws = 4000;
  std::vector<double> counts(kVocabulary, 0);
  Rng rng(3);
  for (int i = 0; i < kDraws; ++i)
    counts[static_cast<std::size_t>(
        sample_text(model, {1, 2}, {.tokens = 1, .temperature = 0.5}, rng)[0])] += 1;
  for (std::int64_t id = 0; id < kVocabulary; ++id) {
    const double share = p[id].item<double>();
    const double error = std::sqrt(share * (1 - share) / kDraws);
    EXPECT_NEAR(counts[static_cast<std::size_t>(id)] / kDraws, share, 4 * error) << id;
  }
}

TEST(SampleText, DrawsAmongTheLikeliestAndBelowTheVocabularyOnly) {
  const Gpt model = tiny_model();
  const auto order = plain_logits(model, {1, 2}).argsort(0, /*descending=*/true);
  std::set<TokenId> seen;
  Rng rng(3);
  for (int i = 0; i < 200; ++i)
    seen.insert(sample_text(model, {1, 2}, {.tokens = 1, .top_k = 2}, rng)[0]);
  EXPECT_EQ(seen, (std::set<TokenId>{static_cast<TokenId>(order[0].item<std::int64_t>()),
                                     static_cast<TokenId>(order[1].item<std::int64_t>())}));
  for (int i = 0; i < 50; ++i)
    EXPECT_LT(sample_text(model, {1, 2}, {.tokens = 1, .vocabulary = 3}, rng)[0], 3);
}

TEST(SampleText, EndsAtTheStopTokenAndAnEmptyPromptIsRefused) {
  const Gpt model = tiny_model();
  const auto likeliest =
      static_cast<TokenId>(plain_logits(model, {1, 2}).argmax().item<std::int64_t>());
  Rng rng(1);
  EXPECT_TRUE(
      sample_text(model, {1, 2}, {.tokens = 4, .temperature = 0, .stop = likeliest}, rng).empty());
  EXPECT_THROW((void)sample_text(model, {}, {}, rng), Error);
}

}  // namespace
}  // namespace skillit
