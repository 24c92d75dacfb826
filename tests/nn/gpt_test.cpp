#include "skillit/nn/gpt.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/data/packed_windows.h"
#include "skillit/nn/cross_entropy.h"
#include "tests/nn/plain_gpt.h"

namespace skillit {
namespace {

constexpr std::int64_t kVocabulary = 11;

GptOptions tiny(const std::string& positions, const std::string& activation) {
  GptOptions options;
  options.layers = 2;
  options.width = 16;
  options.heads = 2;
  options.context = 16;
  options.positions = positions;
  options.activation = activation;
  return options;
}

/// Samples of the given lengths; the last `scored` tokens of each are scored.
SampleStore samples(const std::vector<std::size_t>& lengths, std::size_t scored) {
  SampleStore store;
  Rng rng(3, "test");
  for (const std::size_t length : lengths) {
    std::vector<TokenId> tokens(length);
    std::vector<std::uint8_t> marks(length, 0);
    for (auto& token : tokens) token = static_cast<TokenId>(rng.below(kVocabulary));
    for (std::size_t i = length - scored; i < length; ++i) marks[i] = 1;
    store.add(tokens, marks);
  }
  return store;
}

Batch batch_of(const SampleStore& store) {
  std::vector<Sample> all;
  for (std::size_t i = 0; i < store.size(); ++i) all.push_back(store[i]);
  return make_batch(all, torch::kCPU);
}

/// Mean cross-entropy by the plain model, over the scored tokens.
double reference_loss(const Gpt& model, const SampleStore& store) {
  double sum = 0;
  double count = 0;
  for (std::size_t i = 0; i < store.size(); ++i) {
    const Sample sample = store[i];
    const std::vector<std::int64_t> ids(sample.tokens.begin(), sample.tokens.end());
    const auto log_p = PlainGpt(model).logits(torch::tensor(ids)).log_softmax(-1);
    for (std::size_t t = 1; t < ids.size(); ++t) {
      if (sample.scored[t] == 0) continue;
      sum -= log_p[static_cast<std::int64_t>(t) - 1][ids[t]].item<double>();
      count += 1;
    }
  }
  return sum / count;
}

double loss_of(const Gpt& model, const Batch& batch) {
  return cross_entropy(model.hidden(batch), model.head(), batch.targets).item<double>();
}

struct Form {
  std::string name;
  Architecture architecture;
};

Architecture changed(void (*change)(Architecture&)) {
  Architecture a = architecture_of(tiny("rotary", "gelu"), kVocabulary);
  change(a);
  return a;
}

std::vector<Form> forms() {
  return {
      {"TheDefault", changed([](Architecture&) {})},
      {"LearnedPositionsAndTanhGelu", architecture_of(tiny("learned", "gelu-tanh"), kVocabulary)},
      {"ParallelWithPartialRotaryAndOwnHead", changed([](Architecture& a) {
         a.parallel = true;
         a.rotary.dims = 4;
         a.tied_head = false;
       })},
      {"UnscaledWithALocalWindowWithoutBiases", changed([](Architecture& a) {
         a.attention_scale = 1;
         a.windows = {0, 3};
         a.qkv_bias = false;
         a.attention_out_bias = false;
         a.mlp_bias = false;
       })},
      {"GroupedHeadsGatedWithRmsNorms", changed([](Architecture& a) {
         a.norm = NormKind::kRms;
         a.epsilon = 1e-6;
         a.heads = 4;
         a.kv_heads = 2;
         a.head_width = 6;  // 4 heads of 6 beside a width of 16.
         a.rotary.dims = 6;
         a.rotary.theta = 500;
         a.query_key_norm = true;
         a.inner = 20;
         a.gated = true;
         a.activation = Activation::kSilu;
         a.windows = {2, 0};
       })},
      {"LinearlyScaledRotary", changed([](Architecture& a) {
         a.rotary.scaling = RotaryScaling::kLinear;
         a.rotary.factor = 4;
       })},
      {"RotaryStretchedAsLlama3", changed([](Architecture& a) {
         a.rotary.scaling = RotaryScaling::kLlama3;
         a.rotary.theta = 200;
         a.rotary.factor = 8;
         a.rotary.original_context = 64;  // Wavelengths 6, 24, 89 and 335: all three cases.
       })},
  };
}

/// With norms and biases away from their plain start.
Gpt disturbed(const Architecture& architecture) {
  Gpt model(architecture, 5, torch::kCPU, torch::kFloat32);
  const torch::NoGradGuard no_gradient;
  Rng rng(2, "disturbance");
  auto& master = model.parameters().master();
  for (std::int64_t i = 0; i < master.numel(); ++i)
    master[i] += static_cast<float>(0.05 * rng.normal());
  return model;
}

torch::Tensor gradient_of(Gpt& model, const Batch& batch) {
  model.parameters().zero_gradient();
  cross_entropy(model.hidden(batch), model.head(), batch.targets).backward();
  return model.parameters().gradient().clone();
}

class GptForms : public testing::TestWithParam<Form> {};

TEST_P(GptForms, LossEqualsAPlainModelWrittenDownOnceMore) {
  const Gpt model = disturbed(GetParam().architecture);
  const SampleStore answers = samples({9, 9, 9}, 1);      // last block at the scored position only
  const SampleStore everything = samples({9, 6, 12}, 5);  // padded, all positions computed
  EXPECT_NEAR(loss_of(model, batch_of(answers)), reference_loss(model, answers), 4e-6);
  EXPECT_NEAR(loss_of(model, batch_of(everything)), reference_loss(model, everything), 4e-6);
}

TEST_P(GptForms, PackedSamplesUnderAMaskTeachWhatEachTeachesAlone) {
  Gpt model = disturbed(GetParam().architecture);
  const SampleStore few = samples({9, 5, 9, 5}, 1);  // Last block at the scored positions only.
  const SampleStore many = samples({9, 6, 3, 7, 4}, 2);
  for (const SampleStore* store : {&few, &many}) {
    const Batch alone = batch_of(*store);
    const Batch packed = batch_of(pack_samples(*store, 14, /*document_mask=*/true));
    ASSERT_LT(packed.size(), alone.size());
    EXPECT_NEAR(loss_of(model, packed), reference_loss(model, *store), 4e-6);
    EXPECT_TRUE(torch::allclose(gradient_of(model, packed), gradient_of(model, alone), 1e-4, 2e-6));
    const Batch unmasked = batch_of(pack_samples(*store, 14, /*document_mask=*/false));
    EXPECT_GT(std::abs(loss_of(model, unmasked) - loss_of(model, alone)), 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(All, GptForms, testing::ValuesIn(forms()),
                         [](const auto& form) { return form.param.name; });

TEST(VisibleKeys, AreThePlaceItselfAndWhatItsWindowHoldsBeforeIt) {
  const auto seen = visible_keys(torch::tensor({0, 2, 4}, torch::kInt64), 5, 2);
  EXPECT_TRUE(torch::equal(
      seen.to(torch::kInt64),
      torch::tensor({{1, 0, 0, 0, 0}, {0, 1, 1, 0, 0}, {0, 0, 0, 1, 1}}, torch::kInt64)));
}

TEST(Architecture, CountsTheMatricesThatATokenPasses) {
  const Gpt model(forms()[4].architecture, 5, torch::kCPU, torch::kFloat32);
  std::int64_t matrices = 0;
  for (const auto& [name, weight] : model.parameters().named())
    matrices += weight.dim() == 2 ? weight.numel() : 0;
  EXPECT_EQ(model.architecture().matrix_weights(), matrices);
}

TEST(Gpt, GradientEqualsFiniteDifferences) {
  Gpt model(tiny("rotary", "gelu"), kVocabulary, 5, torch::kCPU, torch::kFloat32);
  const SampleStore store = samples({9, 9, 9, 9}, 2);
  const Batch batch = batch_of(store);
  ASSERT_EQ(batch.per_sample, 2);
  model.parameters().zero_gradient();
  cross_entropy(model.hidden(batch), model.head(), batch.targets).backward();
  const auto gradient = model.parameters().gradient().clone();
  const torch::NoGradGuard no_gradient;
  Rng rng(1, "direction");
  auto direction = torch::empty_like(gradient);
  for (std::int64_t i = 0; i < direction.numel(); ++i)
    direction[i] = static_cast<float>(rng.normal());
  const auto start = model.parameters().master().clone();
  const double step = 1e-4;
  const auto at = [&](double t) {
    model.parameters().master().copy_(start + t * direction);
    return reference_loss(model, store);
  };
  const double slope = (at(step) - at(-step)) / (2 * step);
  EXPECT_NEAR((gradient * direction).sum().item<double>(), slope, 2e-3 * std::abs(slope));
}

TEST(Gpt, LastBlockAtScoredPositionsEqualsTheWholeBlock) {
  Gpt model(tiny("rotary", "gelu"), kVocabulary, 5, torch::kCPU, torch::kFloat32);
  Batch batch = batch_of(samples({10, 10, 10}, 2));
  const auto few = model.hidden(batch);
  batch.per_sample = 0;  // Takes the general path.
  const auto whole = model.hidden(batch);
  EXPECT_TRUE(torch::allclose(few, whole, 1e-5, 1e-6));
}

TEST(Gpt, PaddingDoesNotChangeASample) {
  const Gpt model(tiny("rotary", "gelu"), kVocabulary, 5, torch::kCPU, torch::kFloat32);
  const SampleStore store = samples({6, 14}, 5);
  const Sample one[] = {store[0]};
  const auto alone = model.hidden(make_batch(one, torch::kCPU));
  const auto padded = model.hidden(batch_of(store)).slice(0, 0, 5);
  EXPECT_TRUE(torch::allclose(alone, padded, 1e-5, 1e-6));
}

TEST(Gpt, TooLongASequenceIsRefused) {
  const Gpt model(tiny("rotary", "gelu"), kVocabulary, 5, torch::kCPU, torch::kFloat32);
  EXPECT_THROW((void)model.hidden(batch_of(samples({18}, 1))), Error);
}

TEST(Gpt, Bf16FollowsFloat32) {
  const Gpt exact(tiny("rotary", "gelu"), kVocabulary, 5, torch::kCPU, torch::kFloat32);
  const Gpt rounded(tiny("rotary", "gelu"), kVocabulary, 5, torch::kCPU, torch::kBFloat16);
  const Batch batch = batch_of(samples({9, 9, 9}, 1));
  EXPECT_NEAR(loss_of(exact, batch), loss_of(rounded, batch), 0.05);
}

TEST(Gpt, Bf16GradientFollowsThatOfFloat32) {
  Gpt exact(tiny("rotary", "gelu"), kVocabulary, 5, torch::kCPU, torch::kFloat32);
  Gpt rounded(tiny("rotary", "gelu"), kVocabulary, 5, torch::kCPU, torch::kBFloat16);
  for (const SampleStore& store : {samples({9, 9, 9}, 1), samples({9, 6, 12}, 5)}) {
    const auto expected = gradient_of(exact, batch_of(store));
    const auto found = gradient_of(rounded, batch_of(store)).to(torch::kFloat32);
    EXPECT_LT((found - expected).norm().item<double>(), 0.05 * expected.norm().item<double>());
  }
}

TEST(CrossEntropy, EqualsTheTextbookAndItsGradients) {
  torch::manual_seed(1);
  // More positions than one chunk holds at this vocabulary (64 rows at least).
  const auto hidden = torch::randn({150, 4}, torch::requires_grad());
  const auto head = torch::randn({70000, 4}, torch::requires_grad());
  const auto targets = torch::randint(70000, {150}, torch::kInt64);
  auto ours = cross_entropy(hidden, head, targets);
  (2 * ours).backward();
  const auto hidden_gradient = hidden.grad().clone();
  const auto head_gradient = head.grad().clone();
  hidden.mutable_grad().zero_();
  head.mutable_grad().zero_();
  auto theirs = torch::cross_entropy_loss(hidden.matmul(head.t()), targets);
  (2 * theirs).backward();
  EXPECT_NEAR(ours.item<double>(), theirs.item<double>(), 1e-5);
  EXPECT_TRUE(torch::allclose(hidden_gradient, hidden.grad(), 1e-4, 1e-6));
  EXPECT_TRUE(torch::allclose(head_gradient, head.grad(), 1e-4, 1e-6));
}

TEST(CrossEntropy, UniformLogitsCostTheLogarithmOfTheVocabulary) {
  const auto hidden = torch::zeros({3, 4});
  const auto head = torch::ones({8, 4});
  const auto targets = torch::tensor({0, 1, 7}, torch::kInt64);
  EXPECT_NEAR(cross_entropy(hidden, head, targets).item<double>(), std::log(8.0), 1e-6);
  EXPECT_NEAR(score(hidden, head, targets).losses[2].item<double>(), std::log(8.0), 1e-6);
}

TEST(Parameters, AWeightsStartDependsOnItsNameAndTheSeedAlone) {
  GptOptions shallow = tiny("rotary", "gelu");
  GptOptions deep = shallow;
  deep.layers = 4;
  const Gpt a(shallow, kVocabulary, 5, torch::kCPU, torch::kFloat32);
  const Gpt b(deep, kVocabulary, 5, torch::kCPU, torch::kFloat32);
  const Gpt c(shallow, kVocabulary, 6, torch::kCPU, torch::kFloat32);
  EXPECT_TRUE(torch::equal(a.parameters()["blocks.1.mlp.in.weight"],
                           b.parameters()["blocks.1.mlp.in.weight"]));
  EXPECT_FALSE(torch::equal(a.parameters()["blocks.1.mlp.in.weight"],
                            c.parameters()["blocks.1.mlp.in.weight"]));
}

}  // namespace
}  // namespace skillit
