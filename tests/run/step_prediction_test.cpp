#include "skillit/run/step_prediction.h"

#include <gtest/gtest.h>

namespace skillit {
namespace {

Architecture small_model() {
  GptOptions options;
  options.layers = 2;
  options.width = 16;
  return architecture_of(options, 10);
}

TEST(StepPrediction, ByHandWhenEveryTokenIsScored) {
  const Architecture model = small_model();
  // 4 sequences of 8 tokens. Products: 6 * (2 layers * 32 tokens * 12 * 16^2 + 32 * 10 * 16).
  const BatchShape batch{4, 8, 8};
  const StepPrediction step = predict_step(model, batch, false, false, {1e6, 1e6, 1e-3});
  EXPECT_DOUBLE_EQ(step.product_seconds, 6 * (2 * 32 * 12 * 256 + 32 * 10 * 16) / 1e6);
  // 14 * 2 layers * 32 tokens * (8 + 15) / 2 keys * 16, at 0.4 * 8 / 32 of the rate.
  EXPECT_DOUBLE_EQ(step.attention_seconds, 14 * 2 * 32 * 11.5 * 16 / (1e6 * 0.1));
  // Elements: 2 layers * 32 tokens * (42 * 16 + 6 * 64); weights: 2 * 12 * 256 + 10 * 16.
  EXPECT_DOUBLE_EQ(step.memory_seconds,
                   (2 * 32 * (42 * 16 + 6 * 64) * 4 + 6304 * 44 + 320 * 24) / 1e6);
  EXPECT_DOUBLE_EQ(step.other_seconds, 80 * 3 * 1e-3);
  EXPECT_DOUBLE_EQ(step.bytes, 0.17e9 + 6304 * 28 + 2 * 32 * (8 * 16 + 2 * 64) * 4 + 2 * 4 * 320);
}

TEST(StepPrediction, TheLastBlockCountsWhereTokensAreScored) {
  // Keys and values, 2 * 16^2, at all 32 tokens; the other 10 * 16^2 at the 4 that are scored.
  const StepPrediction step = predict_step(small_model(), {4, 8, 1}, false, false, {1e6, 1e6, 0});
  EXPECT_DOUBLE_EQ(step.product_seconds,
                   6 * (32 * 12 * 256 + 32 * 512 + 4 * 2560 + 4 * 10 * 16) / 1e6);
}

TEST(StepPrediction, OfBf16MovesHalfTheActivations) {
  const BatchShape batch{4, 8, 8};
  const StepPrediction step = predict_step(small_model(), batch, true, false, {1e6, 1e6, 0});
  EXPECT_DOUBLE_EQ(step.memory_seconds,
                   (2 * 32 * (42 * 16 + 6 * 64) * 2 + 6304 * 50 + 320 * 24) / 1e6);
}

TEST(StepPrediction, AGpuPassesOverWeightsLessOftenAndHasFewerOperations) {
  const BatchShape batch{4, 8, 8};
  const StepPrediction step = predict_step(small_model(), batch, true, true, {1e6, 1e6, 1e-3});
  EXPECT_DOUBLE_EQ(step.memory_seconds,
                   (2 * 32 * (42 * 16 + 6 * 64) * 2 + 6304 * 38 + 320 * 24) / 1e6);
  EXPECT_DOUBLE_EQ(step.other_seconds, 60 * 3 * 1e-3);
}

TEST(StepPrediction, InPiecesOnePieceIsKeptAndEachAddsToTheGradient) {
  const BatchShape batch{4, 8, 8, 0, 2};
  const StepPrediction step = predict_step(small_model(), batch, false, false, {1e6, 1e6, 1e-3});
  EXPECT_DOUBLE_EQ(step.bytes, 0.17e9 + 6304 * 28 + 2 * 16 * (8 * 16 + 2 * 64) * 4 + 2 * 4 * 160);
  EXPECT_DOUBLE_EQ(step.memory_seconds,
                   (2 * 32 * (42 * 16 + 6 * 64) * 4 + 6304 * (44 + 8) + 320 * 24) / 1e6);
  EXPECT_DOUBLE_EQ(step.other_seconds, 2 * 80 * 3 * 1e-3);
}

TEST(StepPrediction, RecomputedBlocksKeepTheirInputsAndGoForwardsTwice) {
  Architecture model = small_model();
  model.layers = 4;
  BatchShape batch{4, 8, 8};
  const MachineRates rates{1e6, 1e6, 1e-3};
  const StepPrediction kept = predict_step(model, batch, false, false, rates);
  batch.recompute = true;
  const StepPrediction step = predict_step(model, batch, false, false, rates);
  // Of 4 blocks of 8 * 16 + 2 * 64 numbers by token, one is whole, and three inputs of 16.
  EXPECT_DOUBLE_EQ(kept.bytes - step.bytes, 32 * 4 * (4 * 256 - 256 - 3 * 16));
  // Three blocks more, forwards: 2 FLOPs for each of 12 * 16^2 weights and token.
  EXPECT_NEAR(step.product_seconds - kept.product_seconds, 3 * 2 * 32 * 12 * 256 / 1e6, 1e-9);
  EXPECT_GT(step.attention_seconds, kept.attention_seconds);
  EXPECT_GT(step.memory_seconds, kept.memory_seconds);
  EXPECT_DOUBLE_EQ(step.other_seconds, 80 * 6 * 1e-3);
}

TEST(StepPrediction, ReadsTheBatchFromTheData) {
  Recipe recipe;
  recipe.batch = 7;
  recipe.data.source = "lego";
  recipe.data.skills = 3;
  const Dataset data = make_dataset(recipe.data, 100, 0);
  const BatchShape batch = batch_shape(recipe, data);
  EXPECT_EQ(batch.sequences, 7);
  EXPECT_EQ(batch.length, 24);  // As UnitCosts.ByHandForLego says.
  EXPECT_EQ(batch.scored, 1);
  EXPECT_EQ(batch.tokens, 7 * 24);
  EXPECT_EQ(batch.pieces, 1);
  recipe.micro_batch = 2;
  recipe.recompute = true;
  EXPECT_EQ(batch_shape(recipe, data).pieces, 3.5);
  EXPECT_TRUE(batch_shape(recipe, data).recompute);
}

TEST(StepPrediction, PaddingIsComputedAndNotCountedAsTokens) {
  Dataset data;
  data.train.resize(1);
  for (const std::size_t tokens : {3, 9, 5, 7}) {
    std::vector<std::uint8_t> scored(tokens, 0);
    scored[tokens - 2] = 1;  // The last token is behind the last one scored: not computed.
    data.train[0].add(std::vector<TokenId>(tokens, 1), scored);
  }
  Recipe recipe;
  recipe.batch = 2;
  const BatchShape batch = batch_shape(recipe, data);
  EXPECT_EQ(batch.length, (7 + 5) / 2);
  EXPECT_EQ(batch.tokens, 2 * (1 + 7 + 3 + 5) / 4);
  EXPECT_EQ(batch.scored, 1);
}

TEST(StepPrediction, MeasuredRatesArePositive) {
  Runtime runtime;
  runtime.parallel = 2;
  const MachineRates rates = measure_rates(small_model(), {4, 8, 8}, runtime);
  EXPECT_GT(rates.products, 0);
  EXPECT_GT(rates.memory, 0);
  EXPECT_GT(rates.operation, 0);
}

}  // namespace
}  // namespace skillit
