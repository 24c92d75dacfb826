#include "skillit/nn/product.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "skillit/nn/kernel_tables_private.h"
#include "skillit/nn/weight.h"

namespace skillit {
namespace {

struct Sides {
  std::int64_t in, out;
};
/// Loops of our own for the first three, torch's products for the rest.
constexpr Sides kSides[] = {{16, 16}, {64, 192}, {256, 48}, {20, 32}, {32, 24}, {256, 272}};

double distance(const torch::Tensor& a, const torch::Tensor& b) {
  return (a.to(torch::kFloat64) - b.to(torch::kFloat64)).abs().max().item<double>();
}

TEST(Product, EqualsTheOneOfDoubles) {
  torch::manual_seed(1);
  for (const auto [in, out] : kSides) {
    for (const std::int64_t rows : {1, 6, 47, 48, 101}) {
      const auto x = torch::randn({rows, in});
      const auto weight = torch::randn({out, in});
      const auto bias = torch::randn({out});
      const auto added = torch::randn({rows, out});
      const auto exact = torch::mm(x.to(torch::kFloat64), weight.to(torch::kFloat64).t());
      EXPECT_LT(distance(product(x, weight, {}, {}), exact), 1e-4);
      EXPECT_LT(distance(product(x, weight, bias, {}), exact + bias), 1e-4);
      EXPECT_LT(distance(product(x, weight, {}, added), exact + added), 1e-4);
      EXPECT_LT(distance(product(x, weight, bias, added), exact + bias + added), 1e-4);
    }
  }
}

TEST(Product, BackwardsEqualsTheOneOfDoublesAndAddsToTheGradients) {
  torch::manual_seed(2);
  for (const auto [in, out] : kSides) {
    for (const std::int64_t rows : {1, 33, 64, 101}) {
      const auto slopes = torch::randn({rows, out});
      const auto weight = torch::randn({out, in});
      const auto x = torch::randn({rows, in});
      const auto exact = torch::mm(slopes.to(torch::kFloat64), weight.to(torch::kFloat64));
      EXPECT_LT(distance(product_back(slopes, weight), exact), 1e-4);
      EXPECT_LT(distance(product_back(slopes, weight, x), exact * x), 3e-4);
      const auto weight_gradient = torch::randn({out, in});
      const auto bias_gradient = torch::randn({out});
      const auto weight_before = weight_gradient.clone();
      const auto bias_before = bias_gradient.clone();
      add_weight_gradient(slopes, x, weight_gradient, bias_gradient);
      const auto gained = torch::mm(slopes.to(torch::kFloat64).t(), x.to(torch::kFloat64));
      EXPECT_LT(distance(weight_gradient, weight_before + gained), 1e-4);
      EXPECT_LT(distance(bias_gradient, bias_before + slopes.to(torch::kFloat64).sum(0)), 1e-4);
      add_weight_gradient(slopes, x, weight_gradient, {});
      EXPECT_LT(distance(weight_gradient, weight_before + 2 * gained), 2e-4);
    }
  }
}

TEST(Product, GivesTheSameBitsWithAnyNumberOfThreadsAndOfRows) {
  torch::manual_seed(3);
  const auto x = torch::randn({101, 64});
  const auto weight = torch::randn({96, 64});
  const auto all_with = [&](int threads) {
    at::set_num_threads(threads);
    const auto y = product(x, weight, {}, {});
    const auto gradient = torch::zeros_like(weight);
    const auto bias_gradient = torch::zeros({96});
    add_weight_gradient(y, x, gradient, bias_gradient);
    return torch::cat(
        {y.flatten(), product_back(y, weight).flatten(), gradient.flatten(), bias_gradient});
  };
  const auto one = all_with(1);
  EXPECT_TRUE(torch::equal(one, all_with(3)));
  at::set_num_threads(1);
  EXPECT_TRUE(torch::equal(product(x.narrow(0, 97, 3), weight, {}, {}),
                           product(x, weight, {}, {}).narrow(0, 97, 3)));
}

TEST(Product, LoopsForEveryProcessorAgree) {
#ifdef __x86_64__
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    GTEST_SKIP() << "this processor has no AVX2";
#endif
  torch::manual_seed(4);
  const auto x = torch::randn({41, 32});
  const auto weight = torch::randn({48, 32});
  const auto run = [&](const ProductKernels& kernels) {
    const auto panels = torch::empty({48 * 32});
    const auto y = torch::empty({41, 48});
    const auto gradient = torch::zeros({48 * 33});
    const auto scratch = torch::empty({kGradientDepth * 32});
    float* const to = gradient.data_ptr<float>();
    kernels.pack(weight.data_ptr<float>(), 32, 48, true, panels.data_ptr<float>());
    kernels.multiply({32, 48, x.data_ptr<float>(), panels.data_ptr<float>(),
                      weight.data_ptr<float>(), nullptr, y.data_ptr<float>()},
                     0, 41);
    kernels.add_weight_gradient(
        {41, 32, 48, y.data_ptr<float>(), x.data_ptr<float>(), to, to + 48 * 32}, 0, 48,
        scratch.data_ptr<float>());
    return torch::cat({y.flatten(), gradient});
  };
  EXPECT_TRUE(
      torch::allclose(run(plain_kernels()->products), run(avx2_kernels()->products), 1e-4, 1e-4));
}

/// A weight with a gradient of ones, to which is added.
Weight weight_of(const std::vector<std::int64_t>& shape) {
  return {0.3 * torch::randn(shape), torch::ones(shape)};
}

/// What autograd adds to the gradient of ones.
void expect_gradient(const Weight& weight, const torch::Tensor& theirs) {
  EXPECT_LT(distance(weight.gradient, 1 + theirs), 2e-4);
}

TEST(Linear, AndItsGradientsEqualTheComposition) {
  torch::manual_seed(5);
  for (const auto [in, out] : kSides) {
    const auto x = torch::randn({3, 7, in}, torch::requires_grad());
    const auto added = torch::randn({3, 7, out}, torch::requires_grad());
    const Weight weight = weight_of({out, in});
    const Weight bias = weight_of({out});
    const auto outer = torch::randn({3, 7, out});
    const auto ours = linear(x, weight, bias, added);
    const auto our_slopes = torch::autograd::grad({(ours * outer).sum()}, {x, added});
    const auto w = weight.value.clone().requires_grad_();
    const auto b = bias.value.clone().requires_grad_();
    const auto theirs = torch::linear(x, w, b) + added;
    const auto their_slopes = torch::autograd::grad({(theirs * outer).sum()}, {x, added, w, b});
    EXPECT_LT(distance(ours, theirs), 1e-4);
    EXPECT_LT(distance(our_slopes[0], their_slopes[0]), 1e-4);
    EXPECT_TRUE(torch::equal(our_slopes[1], their_slopes[1]));
    expect_gradient(weight, their_slopes[2]);
    expect_gradient(bias, their_slopes[3]);
  }
}

TEST(FeedForward, AndItsGradientsEqualTheComposition) {
  torch::manual_seed(6);
  for (const auto [width, inner] : kSides) {
    for (const bool tanh : {false, true}) {
      const auto x = torch::randn({3, 7, width}, torch::requires_grad());
      const auto added = torch::randn({3, 7, width}, torch::requires_grad());
      const FeedForwardWeights weights{weight_of({inner, width}), weight_of({inner}),
                                       weight_of({width, inner}), weight_of({width})};
      const auto outer = torch::randn({3, 7, width});
      const auto ours = feed_forward(x, weights, tanh, added);
      const auto our_slopes = torch::autograd::grad({(ours * outer).sum()}, {x, added});
      const auto leaf = [](const Weight& weight) { return weight.value.clone().requires_grad_(); };
      const auto in = leaf(weights.in), in_bias = leaf(*weights.in_bias);
      const auto out = leaf(weights.out), out_bias = leaf(*weights.out_bias);
      const auto theirs =
          added + torch::linear(torch::gelu(torch::linear(x, in, in_bias), tanh ? "tanh" : "none"),
                                out, out_bias);
      const auto their_slopes =
          torch::autograd::grad({(theirs * outer).sum()}, {x, added, in, in_bias, out, out_bias});
      EXPECT_LT(distance(ours, theirs), 1e-4);
      EXPECT_LT(distance(our_slopes[0], their_slopes[0]), 3e-4);
      EXPECT_TRUE(torch::equal(our_slopes[1], their_slopes[1]));
      expect_gradient(weights.in, their_slopes[2]);
      expect_gradient(*weights.in_bias, their_slopes[3]);
      expect_gradient(weights.out, their_slopes[4]);
      expect_gradient(*weights.out_bias, their_slopes[5]);
      const torch::NoGradGuard no_gradient;
      EXPECT_TRUE(torch::equal(feed_forward(x, weights, tanh, added), ours));
    }
  }
}

TEST(Embedding, AddsRowsInBf16AsIfTheyWereFloats) {
  const auto options = torch::dtype(torch::kBFloat16);
  for (const std::int64_t places : {1, 3, 300}) {
    const auto leaf = torch::zeros({5, 8}, options).requires_grad_();
    const auto gradient = torch::ones({5, 8}, options);
    // Token 2 at all places but the first, which is token 4; added one by one they would end at
    // 256, whose next number in bf16 is 258.
    auto tokens = torch::full({1, places}, 2, torch::kInt64);
    tokens[0][0] = 4;
    embedding(Weight{leaf, gradient}, tokens).sum().backward();
    auto expected = torch::ones({5, 8});
    expected[2] += static_cast<double>(places - 1);
    expected[4] += 1;
    EXPECT_TRUE(torch::equal(gradient, expected.to(torch::kBFloat16))) << places;
  }
}

}  // namespace
}  // namespace skillit
