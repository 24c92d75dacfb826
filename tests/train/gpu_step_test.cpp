#include "skillit/train/gpu_step.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <limits>
#include <thread>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/run/runtime.h"
#include "skillit/train/trainer.h"
#include "tests/support/model_forms.h"

namespace skillit {
namespace {

constexpr std::int64_t kVocabulary = 61;  // No multiple of 8.
constexpr int kSteps = 6;                 // The third of a shape is recorded.

Architecture plain(std::int64_t heads = 2) {
  GptOptions options;
  options.layers = 3;
  options.width = 64;
  options.heads = heads;
  options.context = 64;
  return architecture_of(options, kVocabulary);
}

struct Input {
  std::size_t sequences = 16;
  std::size_t length = 24;
  bool all_scored = false;  ///< Else the last token alone.
  bool documents = false;   ///< Two in each sequence.
};

std::vector<Batch> batches(const Input& input, int count, torch::Device device,
                           std::int64_t micro_batch = 0) {
  Rng rng(3, "gpu");
  std::vector<Batch> result;
  for (int batch = 0; batch < count; ++batch) {
    SampleStore store;
    for (std::size_t i = 0; i < input.sequences; ++i) {
      std::vector<TokenId> tokens(input.length);
      for (auto& token : tokens) token = static_cast<TokenId>(rng.below(kVocabulary));
      tokens.back() = tokens.front();
      std::vector<std::uint8_t> scored(tokens.size(), input.all_scored ? 1 : 0);
      scored.front() = 0;
      scored[5] = 0;
      scored.back() = 1;
      const std::vector<std::uint32_t> starts{5};
      store.add(input.documents ? Sample{tokens, scored, starts} : Sample{tokens, scored, {}});
    }
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < store.size(); ++i) samples.push_back(store[i]);
    for (Batch& piece : make_batches(samples, micro_batch, device))
      result.push_back(std::move(piece));
  }
  return result;
}

struct Trained {
  std::vector<double> losses, norms;
  torch::Tensor weights;
};

Trained train(const Architecture& model_form, const std::vector<Batch>& steps, torch::Device device,
              torch::ScalarType compute, bool recompute = false, std::size_t pieces = 1) {
  Gpt model(model_form, 5, device, compute);
  OptimizerOptions options;
  options.warmup = 0;
  options.clip = 0.5;
  Trainer trainer(model, options, kSteps, recompute);
  Trained result;
  for (std::size_t i = 0; i < steps.size(); i += pieces) {
    const StepResult step = trainer.step(std::span(steps).subspan(i, pieces));
    result.losses.push_back(step.loss);
    result.norms.push_back(step.gradient_norm);
  }
  result.weights = model.parameters().master().cpu();
  return result;
}

class GpuStepTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!torch::cuda::is_available()) GTEST_SKIP() << "no GPU here";
    (void)choose_runtime(Recipe(), plain());
  }
};

TEST_F(GpuStepTest, EveryFamilyTrainsAsOnACpuAndGivesTheSameBitsTwice) {
  const auto all = testing::family_forms(plain());
  for (const auto compute : {torch::kFloat32, torch::kBFloat16}) {
    for (std::size_t form = 0; form < all.size(); ++form) {
      for (const Input& input : {Input{}, Input{16, 24, true, false}, Input{16, 24, true, true},
                                 Input{4, 64, true, true}}) {
        SCOPED_TRACE(::testing::Message() << "form " << form << ", " << toString(compute)
                                          << (input.all_scored ? ", all scored" : "")
                                          << (input.documents ? ", documents" : ""));
        const Trained cpu =
            train(all[form], batches(input, kSteps, torch::kCPU), torch::kCPU, torch::kFloat32);
        const auto steps = batches(input, kSteps, torch::kCUDA);
        const Trained gpu = train(all[form], steps, torch::kCUDA, compute);
        const double close = compute == torch::kFloat32 ? 2e-4 : 3e-2;
        for (int step = 0; step < kSteps; ++step) {
          const auto s = static_cast<std::size_t>(step);
          EXPECT_NEAR(gpu.losses[s], cpu.losses[s], close * cpu.losses[s]) << "step " << step;
        }
        // Attention without a scale, as GPT-Neo has it, multiplies what bf16 rounds away.
        const double norm_close = compute == torch::kFloat32 ? close : 0.1;
        EXPECT_NEAR(gpu.norms[0], cpu.norms[0], norm_close * cpu.norms[0]);
        const Trained again = train(all[form], steps, torch::kCUDA, compute);
        EXPECT_EQ(gpu.losses, again.losses);
        EXPECT_TRUE(torch::equal(gpu.weights, again.weights));
      }
    }
  }
}

TEST_F(GpuStepTest, NarrowHeadsTrainAsOnACpuToo) {
  Architecture narrow = plain(4);
  narrow.windows = {0, 7, 0};
  for (const Input& input : {Input{}, Input{16, 24, true, true}, Input{4, 64, true, true}}) {
    const Trained cpu =
        train(narrow, batches(input, kSteps, torch::kCPU), torch::kCPU, torch::kFloat32);
    const Trained gpu =
        train(narrow, batches(input, kSteps, torch::kCUDA), torch::kCUDA, torch::kFloat32);
    for (std::size_t step = 0; step < kSteps; ++step)
      EXPECT_NEAR(gpu.losses[step], cpu.losses[step], 2e-4 * cpu.losses[step]) << step;
  }
}

TEST_F(GpuStepTest, ARepeatedRecordingGivesTheBitsOfOperationByOperation) {
  const Input input{16, 24, true, true};
  for (const auto compute : {torch::kFloat32, torch::kBFloat16}) {
    const auto steps = batches(input, kSteps, torch::kCUDA);
    const Trained recorded = train(plain(), steps, torch::kCUDA, compute);
    const Trained recomputed = train(plain(), steps, torch::kCUDA, compute, /*recompute=*/true);
    EXPECT_EQ(recorded.losses, recomputed.losses);
    Trained one_by_one;  // A trainer of its own for every step has recorded nothing yet.
    Gpt model(plain(), 5, torch::kCUDA, compute);
    OptimizerOptions options;
    options.warmup = 0;
    options.clip = 0.5;
    AdamW moments(model.parameters(), options);
    for (int step = 0; step < kSteps; ++step) {
      Trainer trainer(model, options, kSteps);
      trainer.optimizer().set_num_steps(step);
      trainer.optimizer().first_moment().copy_(moments.first_moment());
      trainer.optimizer().second_moment().copy_(moments.second_moment());
      one_by_one.losses.push_back(trainer.step(steps[static_cast<std::size_t>(step)]).loss);
      moments.first_moment().copy_(trainer.optimizer().first_moment());
      moments.second_moment().copy_(trainer.optimizer().second_moment());
    }
    EXPECT_EQ(recorded.losses, one_by_one.losses);
    EXPECT_TRUE(torch::equal(recorded.weights, model.parameters().master().cpu()));
  }
}

TEST_F(GpuStepTest, ShapesMayChangeFromStepToStepAndPiecesAreOneBatch) {
  std::vector<Batch> mixed;
  for (int round = 0; round < 4; ++round) {
    for (const std::size_t length : {12, 24, 18})
      mixed.push_back(batches({16, length}, round + 1, torch::kCUDA).back());
  }
  std::vector<Batch> on_cpu;
  for (int round = 0; round < 4; ++round) {
    for (const std::size_t length : {12, 24, 18})
      on_cpu.push_back(batches({16, length}, round + 1, torch::kCPU).back());
  }
  const Trained gpu = train(plain(), mixed, torch::kCUDA, torch::kFloat32);
  const Trained cpu = train(plain(), on_cpu, torch::kCPU, torch::kFloat32);
  for (std::size_t step = 0; step < mixed.size(); ++step)
    EXPECT_NEAR(gpu.losses[step], cpu.losses[step], 1e-3 * cpu.losses[step]) << step;
  const auto pieces = batches({}, kSteps, torch::kCUDA, 4);
  const Trained in_pieces = train(plain(), pieces, torch::kCUDA, torch::kFloat32, false, 4);
  const Trained whole =
      train(plain(), batches({}, kSteps, torch::kCUDA), torch::kCUDA, torch::kFloat32);
  for (std::size_t step = 0; step < kSteps; ++step)
    EXPECT_NEAR(in_pieces.losses[step], whole.losses[step], 1e-4 * whole.losses[step]) << step;
}

TEST_F(GpuStepTest, AStepWithoutAFiniteLossLeavesTheWeightsAsTheyWere) {
  Gpt model(plain(), 5, torch::kCUDA, torch::kBFloat16);
  OptimizerOptions options;
  options.warmup = 0;
  Trainer trainer(model, options, 100);
  const auto steps = batches({}, kSteps, torch::kCUDA);
  for (const Batch& step : steps) (void)trainer.step(step);
  const torch::NoGradGuard no_gradient;
  const auto weight = model.parameters().named().at("final_norm.bias");
  weight[0] = std::numeric_limits<float>::quiet_NaN();
  model.parameters().publish();
  const auto before = model.parameters().master().clone();
  const auto moments = trainer.optimizer().second_moment().clone();
  EXPECT_THROW((void)trainer.step(steps[0]), Error);
  EXPECT_EQ(trainer.steps_done(), kSteps);
  EXPECT_TRUE(torch::equal(before.nan_to_num(), model.parameters().master().nan_to_num()));
  EXPECT_TRUE(torch::equal(moments, trainer.optimizer().second_moment()));
  EXPECT_EQ(model.parameters().gradient().abs().max().item<double>(), 0.0);
}

TEST_F(GpuStepTest, TrainingsSideBySideDoNotDisturbEachOther) {
  constexpr std::size_t kRuns = 9;
  const auto steps = batches({}, 40, torch::kCUDA);
  const Trained alone = train(plain(), steps, torch::kCUDA, torch::kBFloat16);
  std::vector<Trained> runs(kRuns);
  {
    std::vector<std::jthread> threads;
    for (Trained& run : runs) {
      threads.emplace_back([&] { run = train(plain(), steps, torch::kCUDA, torch::kBFloat16); });
    }
  }
  for (const Trained& run : runs) {
    EXPECT_EQ(run.losses, alone.losses);
    EXPECT_TRUE(torch::equal(run.weights, alone.weights));
  }
}

}  // namespace
}  // namespace skillit
