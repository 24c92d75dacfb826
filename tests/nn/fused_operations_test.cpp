#include "skillit/nn/fused_operations.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "skillit/nn/runnable_kernels_private.h"

namespace skillit {
namespace {

struct Case {
  std::string name;
  std::int64_t length;
  std::int64_t heads = 4;
  std::int64_t kv_heads = 4;
  std::int64_t head_width = 16;
  std::int64_t rotary_dims = 16;
  std::int64_t window = 0;
  bool documents = false;
};

Architecture model_of(const Case& c) {
  Architecture model;
  model.heads = c.heads;
  model.kv_heads = c.kv_heads;
  model.head_width = c.head_width;
  model.attention_scale = 0.3;
  model.rotary.dims = c.rotary_dims;
  return model;
}

constexpr std::int64_t kBatch = 3;

/// Two documents in each sequence, of other lengths each time.
torch::Tensor starts_of(const Case& c) {
  if (!c.documents) return {};
  auto starts = torch::zeros({kBatch, c.length}, torch::kInt64);
  for (std::int64_t b = 0; b < kBatch; ++b) {
    const std::int64_t second = 1 + (c.length - 1) * (b + 1) / (kBatch + 1);
    starts[b].slice(0, second).fill_(second);
  }
  return starts;
}

/// The same from torch's own operations.
torch::Tensor composed(const torch::Tensor& rows, const Case& c, const Rotary& rotary) {
  const std::int64_t width = c.kv_heads * c.head_width;
  const auto parts = rows.split_with_sizes({c.heads * c.head_width, width, width}, -1);
  const auto heads_of = [&](const torch::Tensor& part) {
    return part.view({kBatch, c.length, -1, c.head_width}).transpose(1, 2);
  };
  Heads heads{heads_of(parts[0]), heads_of(parts[1]), heads_of(parts[2])};
  if (rotary.cosine.defined()) {
    heads.queries = rotate(heads.queries, rotary.cosine, rotary.sine);
    heads.keys = rotate(heads.keys, rotary.cosine, rotary.sine);
  }
  auto visible =
      visible_keys(torch::arange(c.length, torch::kInt64), c.length, c.window, starts_of(c));
  if (c.documents) visible = visible.unsqueeze(1);
  return attend(heads, 0.3, visible);
}

class FusedAttention : public testing::TestWithParam<Case> {};

TEST_P(FusedAttention, EqualsTheCompositionAndItsGradient) {
  const Case& c = GetParam();
  torch::manual_seed(3);
  const Architecture model = model_of(c);
  const Rotary rotary = make_rotary(model.rotary, c.length, torch::kCPU, torch::kFloat32);
  const std::int64_t row = (c.heads + 2 * c.kv_heads) * c.head_width;
  const auto rows = torch::randn({kBatch, c.length, row}, torch::requires_grad());
  const auto weights = torch::randn({kBatch, c.length, c.heads * c.head_width});
  const auto theirs = composed(rows, c, rotary);
  (theirs * weights).sum().backward();
  const auto their_gradient = rows.grad().clone();
  rows.mutable_grad().zero_();
  const auto ours = fused_attention(rows, model, rotary, c.window, starts_of(c));
  (ours * weights).sum().backward();
  EXPECT_LT((ours - theirs).abs().max().item<double>(), 3e-6);
  EXPECT_LT((rows.grad() - their_gradient).abs().max().item<double>(), 2e-5);

  const auto half = [](const torch::Tensor& x) {
    return x.defined() ? x.detach().to(torch::kBFloat16) : x;
  };
  const auto rounded = half(rows).requires_grad_();
  const auto in_bf16 = fused_attention(rounded, model, {half(rotary.cosine), half(rotary.sine)},
                                       c.window, starts_of(c));
  (in_bf16 * half(weights)).sum().backward();
  EXPECT_EQ(in_bf16.scalar_type(), torch::kBFloat16);
  EXPECT_LT((in_bf16.to(torch::kFloat32) - theirs).norm().item<double>(),
            0.02 * theirs.norm().item<double>());
  EXPECT_LT((rounded.grad().to(torch::kFloat32) - their_gradient).norm().item<double>(),
            0.03 * their_gradient.norm().item<double>());
}

INSTANTIATE_TEST_SUITE_P(
    All, FusedAttention,
    testing::Values(Case{"ASingleToken", 1}, Case{"Tokens7", 7}, Case{"Tokens16", 16},
                    Case{"Tokens33", 33},
                    Case{.name = "Tokens130", .length = 130, .rotary_dims = 8},
                    Case{.name = "NoRotation", .length = 39, .rotary_dims = 0},
                    Case{.name = "SharedKeys", .length = 21, .kv_heads = 2},
                    Case{.name = "OddWidth", .length = 20, .head_width = 6, .rotary_dims = 4},
                    Case{.name = "Window", .length = 70, .window = 9},
                    Case{.name = "Documents", .length = 50, .documents = true},
                    Case{.name = "AllOfIt",
                         .length = 77,
                         .heads = 6,
                         .kv_heads = 3,
                         .head_width = 20,
                         .rotary_dims = 12,
                         .window = 20,
                         .documents = true}),
    [](const auto& c) { return c.param.name; });

TEST(FusedAttention, GivesTheSameBitsWithAnyNumberOfThreads) {
  torch::manual_seed(4);
  const Case c{"", 40};
  const auto rows = torch::randn({kBatch, c.length, 3 * 64}, torch::requires_grad());
  const auto gradient_with = [&](int threads) {
    at::set_num_threads(threads);
    const auto mixed = fused_attention(rows, model_of(c), {}, 0, {});
    return torch::autograd::grad({mixed.square().sum()}, {rows})[0];
  };
  const auto one = gradient_with(1);
  EXPECT_TRUE(torch::equal(one, gradient_with(3)));
  at::set_num_threads(1);
}

double normal(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

TEST(FusedGelu, IsWithinRoundingOfItsDefinition) {
  // 1003 numbers: whole vectors and a rest.
  const auto x = torch::linspace(-14, 14, 1003).requires_grad_();
  const auto exact = fused_gelu(x, false);
  const auto slope = torch::autograd::grad({exact.sum()}, {x})[0];
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const double at = x[i].item<double>();
    const double bell = std::exp(-at * at / 2) / std::sqrt(2 * std::numbers::pi);
    EXPECT_NEAR(exact[i].item<double>(), at * normal(at), 4e-6 * std::abs(at * normal(at)) + 1e-37);
    EXPECT_NEAR(slope[i].item<double>(), normal(at) + at * bell, 5e-7) << at;
  }
}

TEST(FusedGelu, OfTheTanhFormIsWithinRoundingOfItsDefinition) {
  const auto x = torch::linspace(-14, 14, 1003).requires_grad_();
  const auto y = fused_gelu(x, true);
  const auto slope = torch::autograd::grad({y.sum()}, {x})[0];
  const double root = std::sqrt(2 / std::numbers::pi);
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const double at = x[i].item<double>();
    const double tanh = std::tanh(root * (at + 0.044715 * at * at * at));
    const double inner = root * (1 + 3 * 0.044715 * at * at);
    EXPECT_NEAR(y[i].item<double>(), 0.5 * at * (1 + tanh), 1e-6);
    EXPECT_NEAR(slope[i].item<double>(), 0.5 * (1 + tanh) + 0.5 * at * (1 - tanh * tanh) * inner,
                1e-6)
        << at;
  }
}

TEST(FusedGelu, KeepsWhatIsNotANumber) {
  const auto x = torch::full({9}, std::numeric_limits<float>::quiet_NaN());
  for (const bool tanh : {false, true}) EXPECT_TRUE(fused_gelu(x, tanh).isnan().all().item<bool>());
}

TEST(CpuKernels, OfEveryProcessorAgree) {
  const auto all = runnable_kernels();
  if (all.size() == 1) GTEST_SKIP() << "this processor runs the plain loops alone";
  torch::manual_seed(5);
  const AttentionShape shape{37, 4, 2, 16, 4, 30, 0.25F};
  const auto rows = torch::randn({shape.length, shape.row()});
  const auto table = torch::randn({shape.length, shape.rotary_half});
  const auto outer = torch::randn({shape.length, shape.heads * shape.head_width});
  const AttentionInput<float> input{rows.data_ptr<float>(), table.data_ptr<float>(),
                                    table.data_ptr<float>(), nullptr};
  const auto run = [&](const KernelTables& kernels) {
    auto mixed = torch::zeros_like(outer);
    auto slopes = torch::zeros_like(rows);
    auto logits = rows[0].clone();
    std::vector<SoftmaxTotal> totals(static_cast<std::size_t>(shape.heads * shape.length));
    std::vector<float> scratch(static_cast<std::size_t>(kernels.attention_scratch(shape)));
    for (std::int64_t head = 0; head < shape.kv_heads; ++head) {
      kernels.floats.attend(shape, input, head, mixed.data_ptr<float>(), totals.data(),
                            scratch.data());
      kernels.floats.attend_back(shape, input, head, outer.data_ptr<float>(), totals.data(),
                                 slopes.data_ptr<float>(), scratch.data());
    }
    (void)kernels.softmax_slope(logits.data_ptr<float>(), logits.numel() - 3, 5, 2);
    return torch::cat({mixed.flatten(), slopes.flatten(), logits});
  };
  for (const KernelTables* kernels : all)
    EXPECT_TRUE(torch::allclose(run(kPlainKernels), run(*kernels), 1e-4, 1e-5));
}

}  // namespace
}  // namespace skillit
