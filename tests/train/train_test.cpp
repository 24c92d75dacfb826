#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/rng.h"
#include "skillit/base/temp_folder.h"
#include "skillit/nn/cross_entropy.h"
#include "skillit/train/checkpoint.h"
#include "skillit/train/evaluator.h"
#include "skillit/train/trainer.h"

namespace skillit {
namespace {

constexpr std::int64_t kVocabulary = 7;

GptOptions tiny() {
  GptOptions options;
  options.layers = 2;
  options.width = 16;
  options.heads = 2;
  options.context = 16;
  return options;
}

Gpt tiny_model(std::uint64_t seed = 1, torch::ScalarType compute = torch::kFloat32) {
  return {tiny(), kVocabulary, seed, torch::kCPU, compute};
}

/// Copy task: the last token equals the first.
SampleStore copies(std::size_t count, std::size_t length, std::uint64_t seed) {
  SampleStore store;
  Rng rng(seed, "copies");
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<TokenId> tokens(length);
    for (auto& token : tokens) token = static_cast<TokenId>(rng.below(kVocabulary));
    tokens.back() = tokens.front();
    std::vector<std::uint8_t> scored(length, 0);
    scored.back() = 1;
    store.add(tokens, scored);
  }
  return store;
}

Batch batch_of(const SampleStore& store) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < store.size(); ++i) samples.push_back(store[i]);
  return make_batch(samples, torch::kCPU);
}

TEST(LearningRate, FollowsTheScheduleByHand) {
  OptimizerOptions options;
  options.lr = 0.8;
  options.warmup = 4;
  EXPECT_DOUBLE_EQ(learning_rate(options, 0, 12), 0.2);
  EXPECT_DOUBLE_EQ(learning_rate(options, 3, 12), 0.8);
  EXPECT_DOUBLE_EQ(learning_rate(options, 4, 12), 0.8);
  EXPECT_DOUBLE_EQ(learning_rate(options, 8, 12), 0.4);
  EXPECT_DOUBLE_EQ(learning_rate(options, 12, 12), 0.0);
  options.schedule = "cosine";
  options.final_lr = 0.5;
  EXPECT_DOUBLE_EQ(learning_rate(options, 8, 12), 0.8 * 0.75);
  EXPECT_DOUBLE_EQ(learning_rate(options, 12, 12), 0.4);
  options.schedule = "constant";
  EXPECT_DOUBLE_EQ(learning_rate(options, 11, 12), 0.8);
  options.warmup = 0;
  EXPECT_DOUBLE_EQ(learning_rate(options, 0, 12), 0.8);
}

TEST(Trainer, LearnsToCopyInBothPrecisions) {
  for (const auto compute : {torch::kFloat32, torch::kBFloat16}) {
    Gpt model = tiny_model(1, compute);
    OptimizerOptions options;
    options.lr = 1e-2;
    options.warmup = 10;
    Trainer trainer(model, options, 150);
    const SampleStore data = copies(64, 4, 1);
    double first = 0;
    double last = 0;
    for (int step = 0; step < 150; ++step) {
      last = trainer.step(batch_of(data)).loss;
      if (step == 0) first = last;
    }
    EXPECT_GT(first, 1.5);
    EXPECT_LT(last, 0.2);
    EXPECT_EQ(trainer.steps_done(), 150);
  }
}

TEST(Trainer, ALossThatIsNotFiniteIsRefusedAndChangesNothing) {
  Gpt model = tiny_model();
  Trainer trainer(model, {}, 10);
  {
    const torch::NoGradGuard no_gradient;
    model.parameters().master()[3] = NAN;
  }
  const auto before = model.parameters().master().clone();
  try {
    (void)trainer.step(batch_of(copies(4, 4, 1)));
    FAIL() << "was not refused";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("lower optimizer.lr"), std::string::npos);
  }
  EXPECT_TRUE(torch::equal(before.nan_to_num(), model.parameters().master().nan_to_num()));
}

TEST(Evaluator, MeansAreOverScoredTokensAndAccuracyOverWholeSamples) {
  const Gpt model = tiny_model();
  std::vector<SampleStore> validation;
  validation.push_back(copies(9, 5, 3));
  validation.push_back(copies(4, 8, 4));
  const SkillSet skills({"short", "long"});
  const Evaluation evaluation =
      Evaluator(validation, skills, {.samples = 4}, torch::kCPU).measure(model);
  for (std::size_t skill = 0; skill < 2; ++skill) {
    double sum = 0;
    double right = 0;
    for (std::size_t i = 0; i < validation[skill].size(); ++i) {
      const Sample one[] = {validation[skill][i]};
      const Batch batch = make_batch(one, torch::kCPU);
      const Scores scores = score(model.hidden(batch), model.head(), batch.targets);
      sum += scores.losses.item<double>();
      right += scores.correct.item<bool>() ? 1 : 0;
    }
    const auto count = static_cast<double>(validation[skill].size());
    EXPECT_NEAR(evaluation.losses[skill], sum / count, 1e-6);
    EXPECT_DOUBLE_EQ(evaluation.accuracies[skill], right / count);
  }
}

TEST(Evaluator, ASkillWithoutSamplesIsRefusedByName) {
  std::vector<SampleStore> validation(2);
  validation[0] = copies(2, 4, 1);
  EXPECT_THROW(Evaluator(validation, SkillSet({"full", "empty"}), {}, torch::kCPU), Error);
}

class CheckpointTest : public ::testing::Test {
 protected:
  TempFolder folder_;
  std::filesystem::path file_ = folder_ / "model.safetensors";
};

TEST_F(CheckpointTest, TrainingGoesOnBitForBit) {
  const SampleStore data = copies(16, 6, 1);
  const Batch batch = batch_of(data);
  Gpt whole = tiny_model();
  Trainer uninterrupted(whole, {}, 10);
  for (int step = 0; step < 10; ++step) (void)uninterrupted.step(batch);

  Gpt first = tiny_model();
  Trainer before(first, {}, 10);
  for (int step = 0; step < 5; ++step) (void)before.step(batch);
  save_checkpoint(file_, first, before.optimizer(), "what the caller needs");

  Gpt second = tiny_model(/*seed=*/2);
  Trainer after(second, {}, 10);
  EXPECT_EQ(load_checkpoint(file_, second, after.optimizer()), "what the caller needs");
  EXPECT_EQ(after.steps_done(), 5);
  for (int step = 5; step < 10; ++step) (void)after.step(batch);
  EXPECT_TRUE(torch::equal(whole.parameters().master(), second.parameters().master()));
}

TEST_F(CheckpointTest, EveryTruncationAndAnyChangedByteOfTheDataIsRefusedAndChangesNothing) {
  Gpt model = tiny_model();
  Trainer trainer(model, {}, 10);
  save_checkpoint(file_, model, trainer.optimizer(), "state");
  const std::string whole = read_file(file_);
  Gpt target = tiny_model(2);
  Trainer other(target, {}, 10);
  const auto before = target.parameters().master().clone();
  const auto expect_refusal = [&](const std::string& bytes) {
    std::ofstream(file_, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    EXPECT_THROW((void)load_checkpoint(file_, target, other.optimizer()), Error);
  };
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 7)
    expect_refusal(whole.substr(0, size));
  for (std::size_t place = whole.size() / 2; place < whole.size(); place += 1009) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 4);
    expect_refusal(damaged);
  }
  EXPECT_TRUE(torch::equal(before, target.parameters().master()));
}

TEST_F(CheckpointTest, AModelOfAnotherShapeIsRefused) {
  Gpt model = tiny_model();
  Trainer trainer(model, {}, 10);
  save_checkpoint(file_, model, trainer.optimizer(), "");
  GptOptions wide = tiny();
  wide.width = 32;
  Gpt other(wide, kVocabulary, 1, torch::kCPU, torch::kFloat32);
  Trainer target(other, {}, 10);
  EXPECT_THROW((void)load_checkpoint(file_, other, target.optimizer()), Error);
}

TEST_F(CheckpointTest, AModelIsReadIntoADeeperOneWhichKeepsItsFreshBlocks) {
  const Gpt shallow = tiny_model(1);
  save_model(file_, shallow, {{"note", "four"}});
  GptOptions deeper = tiny();
  deeper.layers = 3;
  Gpt deep(deeper, kVocabulary, 2, torch::kCPU, torch::kFloat32);
  const auto fresh = deep.parameters()["blocks.2.mlp.in.weight"].clone();
  EXPECT_THROW((void)load_model(file_, deep), Error);
  EXPECT_EQ(load_model(file_, deep, /*allow_missing=*/true).at("note"), "four");
  EXPECT_TRUE(torch::equal(deep.parameters()["embedding"], shallow.parameters()["embedding"]));
  EXPECT_TRUE(torch::equal(deep.parameters()["blocks.2.mlp.in.weight"], fresh));
  Gpt too_shallow = tiny_model(3);
  save_model(file_, deep, {});
  EXPECT_THROW((void)load_model(file_, too_shallow, true), Error);
}

}  // namespace
}  // namespace skillit
