#include <gtest/gtest.h>
#include <torch/torch.h>

#include "skillit/base/rng.h"
#include "skillit/nn/cross_entropy.h"
#include "skillit/train/trainer.h"

namespace skillit {
namespace {

constexpr std::int64_t kVocabulary = 7;

Gpt tiny_model(torch::ScalarType compute = torch::kFloat32) {
  GptOptions options;
  options.layers = 2;
  options.width = 16;
  options.heads = 2;
  options.context = 16;
  return {options, kVocabulary, 1, torch::kCPU, compute};
}

/// Of the given lengths; of each, the last `scored` tokens count.
SampleStore samples(const std::vector<std::pair<std::size_t, std::size_t>>& lengths_and_scored) {
  SampleStore store;
  Rng rng(4, "pieces");
  for (const auto& [length, count] : lengths_and_scored) {
    std::vector<TokenId> tokens(length);
    for (auto& token : tokens) token = static_cast<TokenId>(rng.below(kVocabulary));
    std::vector<std::uint8_t> scored(length, 0);
    std::fill(scored.end() - static_cast<std::ptrdiff_t>(count), scored.end(), 1);
    store.add(tokens, scored);
  }
  return store;
}

/// A step's batch whose samples score very different numbers of tokens.
SampleStore uneven() {
  return samples({{4, 1}, {12, 9}, {6, 1}, {9, 8}, {5, 2}, {7, 1}, {16, 15}});
}

std::vector<Batch> pieces_of(const SampleStore& store, std::int64_t size) {
  std::vector<Sample> all;
  for (std::size_t i = 0; i < store.size(); ++i) all.push_back(store[i]);
  return make_batches(all, size, torch::kCPU);
}

/// Large epsilon: the first step is then nearly proportional to the gradient, not to its sign.
OptimizerOptions nearly_plain() {
  OptimizerOptions options;
  options.epsilon = 1;
  options.clip = 0;
  options.warmup = 0;
  return options;
}

/// One step on the pieces: what it reports, and the weights after it.
std::pair<StepResult, torch::Tensor> step_on(const std::vector<Batch>& pieces,
                                             torch::ScalarType compute = torch::kFloat32) {
  Gpt model = tiny_model(compute);
  Trainer trainer(model, nearly_plain(), 10);
  const StepResult result = trainer.step(pieces);
  EXPECT_EQ(trainer.steps_done(), 1);
  return {result, model.parameters().master().clone()};
}

TEST(CrossEntropy, OfAPartIsItsSumOverTheCountOfAllByHand) {
  // Two positions of three classes, of a batch with five scored: logits 0, so ln 3 each.
  auto hidden = torch::zeros({2, 1}, torch::requires_grad());
  auto head = torch::tensor({{1.0F}, {2.0F}, {6.0F}});
  const auto targets = torch::tensor({std::int64_t{0}, std::int64_t{2}});
  auto loss = cross_entropy(hidden, head, targets, 5);
  EXPECT_NEAR(loss.item<double>(), 2 * std::log(3.0) / 5, 1e-7);
  loss.backward();
  // (softmax - target) . head / 5: the head's mean 3 minus the target's entry.
  EXPECT_NEAR(hidden.grad()[0].item<double>(), (3.0 - 1.0) / 5, 1e-6);
  EXPECT_NEAR(hidden.grad()[1].item<double>(), (3.0 - 6.0) / 5, 1e-6);
}

TEST(MakeBatches, KeepTheOrderAndTheLastIsWhatIsLeft) {
  const auto pieces = pieces_of(uneven(), 3);
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[0].size(), 3);
  EXPECT_EQ(pieces[2].size(), 1);
  EXPECT_EQ(pieces[0].num_scored() + pieces[1].num_scored() + pieces[2].num_scored(), 37);
  EXPECT_EQ(pieces[0].length(), 11);  // Each is padded to its own longest sample.
  EXPECT_EQ(pieces[2].length(), 15);
  EXPECT_EQ(pieces_of(uneven(), 0).size(), 1U);
  EXPECT_EQ(pieces_of(uneven(), 100).size(), 1U);
}

TEST(Trainer, TheLossOfPiecesIsTheMeanOverAllScoredTokens) {
  const SampleStore store = uneven();
  const Gpt model = tiny_model();
  double sum = 0;
  double mean_of_means = 0;
  for (const Batch& one : pieces_of(store, 1)) {
    const Scores scores = score(model.hidden(one), model.head(), one.targets);
    sum += scores.losses.sum().item<double>();
    mean_of_means += scores.losses.mean().item<double>() / static_cast<double>(store.size());
  }
  const StepResult result = step_on(pieces_of(store, 2)).first;
  EXPECT_EQ(result.num_scored, 37);
  EXPECT_NEAR(result.loss, sum / 37, 1e-6);
  EXPECT_GT(std::abs(result.loss - mean_of_means), 1e-3);
}

TEST(Trainer, PiecesOfAnySizeMakeTheStepOfTheWholeBatch) {
  const SampleStore store = uneven();
  const auto [whole, weights] = step_on(pieces_of(store, 0));
  const auto start = tiny_model().parameters().master().clone();
  const double moved = (weights - start).norm().item<double>();
  EXPECT_GT(moved, 0);
  for (const std::int64_t size : {1, 2, 3, 5, 7}) {
    const auto [result, after] = step_on(pieces_of(store, size));
    EXPECT_NEAR(result.loss, whole.loss, 1e-6) << size;
    EXPECT_NEAR(result.gradient_norm, whole.gradient_norm, 1e-5 * whole.gradient_norm) << size;
    EXPECT_EQ(result.num_tokens, whole.num_tokens);
    EXPECT_LT((after - weights).norm().item<double>(), 1e-4 * moved) << size;
  }
}

TEST(Trainer, PiecesAddUpInBf16AsExactlyAsItsProductsAre) {
  const SampleStore store = uneven();
  const auto start = tiny_model().parameters().master().clone();
  const auto exact = step_on(pieces_of(store, 0)).second - start;
  const auto error = [&](std::int64_t size) {
    const auto moved = step_on(pieces_of(store, size), torch::kBFloat16).second - start;
    return ((moved - exact).norm() / exact.norm()).item<double>();
  };
  EXPECT_LT(error(0), 0.03);
  EXPECT_LT(error(1), 0.03);
}

TEST(Trainer, APieceWithoutScoredTokensChangesNothing) {
  std::vector<Batch> pieces = pieces_of(uneven(), 0);
  const auto [whole, weights] = step_on(pieces);
  Batch silent = pieces[0];
  silent.positions = silent.positions.narrow(0, 0, 0);
  silent.targets = silent.targets.narrow(0, 0, 0);
  pieces.insert(pieces.begin(), silent);
  const auto [result, after] = step_on(pieces);
  EXPECT_EQ(result.loss, whole.loss);
  EXPECT_TRUE(torch::equal(after, weights));
}

}  // namespace
}  // namespace skillit
