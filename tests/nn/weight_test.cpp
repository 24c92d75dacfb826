#include "skillit/nn/weight.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/distance.h"

namespace skillit {
namespace {

using testing::distance;

struct Sides {
  std::int64_t in, out;
};
/// Loops of our own for the first four, torch's products for the rest.
constexpr Sides kSides[] = {{16, 16}, {64, 192}, {256, 48}, {256, 64},
                            {20, 32}, {32, 24},  {256, 272}};

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

TEST(FeedForward, InBf16IsCloseToFloats) {
  torch::manual_seed(7);
  constexpr std::int64_t kWidth = 48, kInner = 120;  // Rows that no vector divides, too.
  for (const bool tanh : {false, true}) {
    const auto x = torch::randn({5, 9, kWidth});
    const auto outer = torch::randn({5, 9, kWidth});
    const FeedForwardWeights floats{weight_of({kInner, kWidth}), weight_of({kInner}),
                                    weight_of({kWidth, kInner}), weight_of({kWidth})};
    const auto run = [&](torch::ScalarType type) {
      const auto of_type = [&](const Weight& weight) {
        return Weight{weight.value.to(type), torch::zeros(weight.value.sizes(), type)};
      };
      const FeedForwardWeights weights{of_type(floats.in), of_type(*floats.in_bias),
                                       of_type(floats.out), of_type(*floats.out_bias)};
      const auto input = x.to(type).requires_grad_();
      const auto y = feed_forward(input, weights, tanh, torch::zeros_like(x).to(type));
      const auto slopes = torch::autograd::grad({(y * outer.to(type)).sum()}, {input})[0];
      return std::vector<torch::Tensor>{y,
                                        slopes,
                                        weights.in.gradient,
                                        weights.in_bias->gradient,
                                        weights.out.gradient,
                                        weights.out_bias->gradient};
    };
    const auto exact = run(torch::kFloat32);
    const auto rounded = run(torch::kBFloat16);
    for (std::size_t i = 0; i < exact.size(); ++i)
      EXPECT_LT(distance(rounded[i], exact[i]), 0.02 * exact[i].abs().max().item<double>()) << i;
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
