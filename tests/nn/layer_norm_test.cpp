#include "skillit/nn/layer_norm.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "skillit/nn/runnable_kernels_private.h"
#include "tests/support/distance.h"

namespace skillit {
namespace {

using testing::distance;

Weight weight_of(std::int64_t width) {
  return {torch::randn({width}), torch::ones({width})};
}

TEST(LayerNorm, OfEightNumbersByHand) {
  // Mean 3, variance 4; the weights 2 and the biases 1.
  const auto x = torch::tensor({1, 5, 1, 5, 1, 5, 1, 5}).to(torch::kFloat32).view({1, 8});
  const Weight weight{torch::full({8}, 2.0F), torch::zeros({8})};
  const Weight bias{torch::ones({8}), torch::zeros({8})};
  const auto y = layer_norm(x, weight, bias, 0).y;
  for (int i = 0; i < 8; ++i) EXPECT_FLOAT_EQ(y[0][i].item<float>(), i % 2 == 0 ? -1.0F : 3.0F);
  EXPECT_NEAR(layer_norm(x, weight, bias, 12).y[0][1].item<double>(), 2.0, 1e-6);
}

TEST(LayerNorm, AndAllItsGradientsEqualTorchs) {
  torch::manual_seed(1);
  for (const std::int64_t width : {8, 64, 200, 12}) {  // The last one by torch itself.
    for (const std::int64_t rows : {1, 129, 300}) {
      const auto x = (torch::randn({rows, 1, width}) * 3 + 5).requires_grad_();
      const Weight weight = weight_of(width);
      const Weight bias = weight_of(width);
      for (const Weight* leaf : {&weight, &bias}) {
        leaf->value.requires_grad_();
        leaf->value.mutable_grad() = leaf->gradient;
      }
      const auto outer = torch::randn_like(x);
      const auto past = torch::randn_like(x);
      const auto ours = layer_norm(x, weight, bias, 1e-5);
      ((ours.y * outer).sum() + (ours.x * past).sum()).backward();
      const auto double_of = [](const torch::Tensor& value) {
        return value.detach().to(torch::kFloat64).requires_grad_();
      };
      const auto xd = double_of(x), wd = double_of(weight.value), bd = double_of(bias.value);
      const auto theirs = torch::layer_norm(xd, {width}, wd, bd, 1e-5);
      const auto slopes =
          torch::autograd::grad({(theirs * outer).sum() + (xd * past).sum()}, {xd, wd, bd});
      EXPECT_LT(distance(ours.y, theirs), 1e-5);
      EXPECT_TRUE(torch::equal(ours.x, x));
      EXPECT_LT(distance(x.grad(), slopes[0]), 1e-5);
      EXPECT_LT(distance(weight.gradient, 1 + slopes[1]), 1e-4);
      EXPECT_LT(distance(bias.gradient, 1 + slopes[2]), 1e-4);
    }
  }
}

TEST(LayerNorm, PassesAGradientOnWhenOnlyOneOfItsResultsIsUsed) {
  torch::manual_seed(2);
  const auto x = torch::randn({5, 16}, torch::requires_grad());
  const Weight weight = weight_of(16);
  const Weight bias = weight_of(16);
  const auto outer = torch::randn({5, 16});
  const auto gradient = [&](const torch::Tensor& result) {
    return torch::autograd::grad({(result * outer).sum()}, {x})[0];
  };
  EXPECT_TRUE(torch::equal(gradient(layer_norm(x, weight, bias, 1e-5).x), outer));
  EXPECT_TRUE(torch::equal(weight.gradient, torch::ones({16})));
  const auto theirs = gradient(torch::layer_norm(x, {16}, weight.value, bias.value, 1e-5));
  EXPECT_LT(distance(gradient(layer_norm(x, weight, bias, 1e-5).y), theirs), 1e-5);
}

TEST(LayerNorm, GivesTheSameBitsWithAnyNumberOfThreads) {
  torch::manual_seed(3);
  const auto x = torch::randn({1000, 48}, torch::requires_grad());
  const auto value = torch::randn({48});
  const auto all_with = [&](int threads) {
    at::set_num_threads(threads);
    const Weight weight{value, torch::zeros({48})};
    const Weight bias{value, torch::zeros({48})};
    const auto y = layer_norm(x, weight, bias, 1e-5).y;
    const auto slopes = torch::autograd::grad({y.square().sum()}, {x})[0];
    return torch::cat({y.flatten(), slopes.flatten(), weight.gradient, bias.gradient});
  };
  const auto one = all_with(1);
  EXPECT_TRUE(torch::equal(one, all_with(3)));
  at::set_num_threads(1);
}

TEST(LayerNorm, InBf16RoundsWhatFloatsGiveOnce) {
  torch::manual_seed(5);
  constexpr auto kHalf = torch::kBFloat16;
  const auto x = (torch::randn({200, 48}) * 3 + 5).to(kHalf);
  const auto weight = torch::randn({48}).to(kHalf);
  const auto outer = torch::randn({200, 48}).to(kHalf);
  const auto past = torch::randn({200, 48}).to(kHalf);
  const auto run = [&](torch::ScalarType type) {
    const auto input = x.to(type).requires_grad_();
    const Weight scale{weight.to(type), torch::zeros({48}, type)};
    const Weight bias{weight.to(type), torch::zeros({48}, type)};
    const auto normed = layer_norm(input, scale, bias, 1e-5);
    const auto slopes = torch::autograd::grad(
        {(normed.y * outer.to(type)).sum() + (normed.x * past.to(type)).sum()}, {input})[0];
    return std::vector<torch::Tensor>{normed.y.detach(), slopes, scale.gradient, bias.gradient};
  };
  const auto floats = run(torch::kFloat32);
  const auto halves = run(kHalf);
  for (std::size_t i = 0; i < floats.size(); ++i)
    EXPECT_TRUE(torch::equal(halves[i], floats[i].to(kHalf))) << i;
}

TEST(LayerNorm, LoopsForEveryProcessorAgree) {
  const auto all = runnable_kernels();
  if (all.size() == 1) GTEST_SKIP() << "this processor runs the plain loops alone";
  torch::manual_seed(4);
  const auto x = torch::randn({5, 48});
  const auto run = [&](const NormKernels<float>& kernels) {
    const auto out = torch::zeros({12, 48});  // y, slopes, and the two sums.
    const float* const in = x.data_ptr<float>();
    float* const to = out.data_ptr<float>();
    const Norm<float> norm{48, in, in + 48, in + 96, 1e-5F};
    RowScale scales[5];
    kernels.normalize(norm, 0, 5, to, scales);
    kernels.normalize_back(norm, scales, 0, 5, {in, in, to + 240}, to + 480, to + 528);
    return out;
  };
  for (const KernelTables* kernels : all)
    EXPECT_TRUE(
        torch::allclose(run(kPlainKernels.float_norms), run(kernels->float_norms), 1e-4, 1e-5));
}

}  // namespace
}  // namespace skillit
