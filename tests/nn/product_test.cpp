#include "skillit/nn/product.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <mutex>
#include <set>

#include "skillit/nn/kernel_data_private.h"
#include "skillit/nn/runnable_kernels_private.h"
#include "skillit/nn/weight.h"
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

/// A GPU's numbers are compared with the CPU's, where there is one.
std::vector<torch::Device> devices() {
  std::vector<torch::Device> all{torch::kCPU};
  if (torch::cuda::is_available()) all.emplace_back(torch::kCUDA);
  return all;
}

TEST(Product, EqualsTheOneOfDoubles) {
  torch::manual_seed(1);
  for (const auto& device : devices()) {
    for (const auto [in, out] : kSides) {
      for (const std::int64_t rows : {1, 6, 47, 48, 101}) {
        const auto x = torch::randn({rows, in}, device);
        const auto weight = torch::randn({out, in}, device);
        const auto bias = torch::randn({out}, device);
        const auto added = torch::randn({rows, out}, device);
        const auto exact = torch::mm(x.to(torch::kFloat64), weight.to(torch::kFloat64).t());
        EXPECT_LT(distance(product(x, weight, {}, {}), exact), 1e-4);
        EXPECT_LT(distance(product(x, weight, bias, {}), exact + bias), 1e-4);
        EXPECT_LT(distance(product(x, weight, {}, added), exact + added), 1e-4);
        EXPECT_LT(distance(product(x, weight, bias, added), exact + bias + added), 1e-4);
      }
    }
  }
}

TEST(Product, BackwardsEqualsTheOneOfDoublesAndAddsToTheGradients) {
  torch::manual_seed(2);
  for (const auto& device : devices()) {
    for (const auto [in, out] : kSides) {
      for (const std::int64_t rows : {1, 33, 64, 101, 300}) {
        const auto slopes = torch::randn({rows, out}, device);
        const auto weight = torch::randn({out, in}, device);
        const auto x = torch::randn({rows, in}, device);
        const auto exact = torch::mm(slopes.to(torch::kFloat64), weight.to(torch::kFloat64));
        EXPECT_LT(distance(product_back(slopes, weight), exact), 1e-4);
        EXPECT_LT(distance(product_back(slopes, weight, x), exact * x), 3e-4);
        const auto weight_gradient = torch::randn({out, in}, device);
        const auto bias_gradient = torch::randn({out}, device);
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
}

TEST(Product, WithGeluEqualsTheOneOfDoubles) {
  torch::manual_seed(3);
  for (const auto& device : devices()) {
    for (const auto [in, out] : kSides) {
      for (const bool tanh : {false, true}) {
        const auto x = torch::randn({101, in}, device);
        const auto weight = 0.2 * torch::randn({out, in}, device);
        const auto bias = torch::randn({out}, device);
        // On a GPU other shapes are left to gelu of a linear map.
        if (device.is_cuda() && !has_feed_forward(x, weight)) continue;
        const auto exact = torch::linear(x.to(torch::kFloat64), weight.to(torch::kFloat64),
                                         bias.to(torch::kFloat64))
                               .requires_grad_();
        const auto y = torch::gelu(exact, tanh ? "tanh" : "none");
        const auto slope = torch::autograd::grad({y.sum()}, {exact})[0];
        const auto slopes = torch::empty({101, out}, device);
        EXPECT_LT(distance(gelu_of_product(x, weight, bias, tanh, slopes), y), 1e-4);
        EXPECT_LT(distance(slopes, slope), 1e-4);
        EXPECT_LT(distance(gelu_of_product(x, weight, bias, tanh, {}), y), 1e-4);
      }
    }
  }
}

TEST(Product, GivesTheSameBitsWithAnyNumberOfThreadsAndOfRows) {
  torch::manual_seed(4);
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

TEST(Product, PiecesAreSharedOutToTheThreadsThatAreSet) {
  const auto threads_of_pieces = [](int threads) {
    at::set_num_threads(threads);
    std::set<int> seen;
    std::mutex mutex;
    for_each_piece(64, 1, [&](std::int64_t, std::int64_t, std::int64_t) {
      const std::lock_guard lock(mutex);
      seen.insert(at::get_thread_num());
    });
    return seen.size();
  };
  EXPECT_EQ(threads_of_pieces(3), 3U);
  EXPECT_EQ(threads_of_pieces(1), 1U);
}

TEST(Product, LoopsForEveryProcessorAgree) {
  const auto all = runnable_kernels();
  if (all.size() == 1) GTEST_SKIP() << "this processor runs the plain loops alone";
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
                      weight.data_ptr<float>(), nullptr, nullptr, y.data_ptr<float>()},
                     0, 41);
    kernels.add_weight_gradient(
        {41, 32, 48, y.data_ptr<float>(), x.data_ptr<float>(), to, to + 48 * 32}, 0, 48,
        scratch.data_ptr<float>());
    return torch::cat({y.flatten(), gradient});
  };
  for (const KernelTables* kernels : all)
    EXPECT_TRUE(torch::allclose(run(kPlainKernels.products), run(kernels->products), 1e-4, 1e-4));
}

}  // namespace
}  // namespace skillit
