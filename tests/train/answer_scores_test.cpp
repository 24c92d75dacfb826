#include "skillit/train/answer_scores.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "skillit/base/rng.h"
#include "tests/nn/plain_gpt.h"

namespace skillit {
namespace {

constexpr std::int64_t kVocabulary = 13;

Gpt tiny_model() {
  GptOptions options;
  options.layers = 1;
  options.width = 16;
  options.heads = 2;
  options.context = 24;
  return {options, kVocabulary, 5, torch::kCPU, torch::kFloat32};
}

TEST(ScoreSamples, EqualsAPlainModelInTheOrderOfTheStore) {
  const Gpt model = tiny_model();
  SampleStore store;
  Rng rng(4, "test");
  for (const std::size_t length : {12U, 3U, 20U, 7U, 3U}) {  // Scored: the last 1, 2, 1, 2, 1.
    std::vector<TokenId> tokens(length);
    for (auto& token : tokens) token = static_cast<TokenId>(rng.below(kVocabulary));
    std::vector<std::uint8_t> scored(length, 0);
    scored.back() = 1;
    if (store.size() % 2 == 1) scored[length - 2] = 1;
    store.add(tokens, scored);
  }
  const auto scores = score_samples(model, store);
  ASSERT_EQ(scores.size(), 5U);
  for (std::size_t i = 0; i < store.size(); ++i) {
    const std::vector<std::int64_t> ids(store[i].tokens.begin(), store[i].tokens.end());
    const auto log_p = PlainGpt(model).logits(torch::tensor(ids)).log_softmax(-1);
    double sum = 0;
    bool greedy = true;
    for (std::size_t t = 1; t < ids.size(); ++t) {
      if (store[i].scored[t] == 0) continue;
      const auto row = log_p[static_cast<std::int64_t>(t) - 1];
      sum += row[ids[t]].item<double>();
      greedy = greedy && row.argmax().item<std::int64_t>() == ids[t];
    }
    EXPECT_NEAR(scores[i].log_likelihood, sum, 1e-5) << i;
    EXPECT_EQ(scores[i].greedy, greedy) << i;
  }
}

TEST(JudgeAnswers, ByTheSumAndByTheCharacter) {
  // Item 1: the right answer "abcd" has the lower sum (-8 < -3) but more a character (-2 > -3).
  // Item 2: right both ways; "ñ" is one character of two bytes, or "é" would win by the byte.
  // Item 3: equal sums: the first, which is wrong.
  const AnswerTask task{
      "t", true, {{"q", {"x", "abcd"}, 1}, {"q", {"\xC3\xB1", "yy"}, 0}, {"q", {"ab", "cd"}, 1}}};
  const TaskResult result =
      judge_answers(task, {{-3, true}, {-8, true}, {-1, true}, {-3, true}, {-2, true}, {-2, true}});
  EXPECT_DOUBLE_EQ(result.accuracy.mean, 1.0 / 3);
  ASSERT_TRUE(result.accuracy_norm);
  EXPECT_DOUBLE_EQ(result.accuracy_norm->mean, 2.0 / 3);
  // Standard deviation of (0, 1, 0) is sqrt(1/3); divided by sqrt(3).
  EXPECT_DOUBLE_EQ(result.accuracy.error, 1.0 / 3);
  EXPECT_FALSE(result.perplexity);
}

TEST(JudgeAnswers, OfALastWordWhetherTheModelSaysItItself) {
  const AnswerTask task{"t", false, {{"q", {"a"}, 0}, {"q", {"b"}, 0}}};
  const TaskResult result = judge_answers(task, {{-1, true}, {-3, false}});
  EXPECT_DOUBLE_EQ(result.accuracy.mean, 0.5);
  EXPECT_DOUBLE_EQ(*result.perplexity, std::exp(2.0));
  EXPECT_FALSE(result.accuracy_norm);
  const AnswerTask one{"t", false, {{"q", {"a"}, 0}}};
  EXPECT_TRUE(std::isnan(judge_answers(one, {{-1, true}}).accuracy.error));
}

}  // namespace
}  // namespace skillit
