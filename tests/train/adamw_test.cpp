#include "skillit/train/adamw.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "skillit/nn/runnable_kernels_private.h"

namespace skillit {
namespace {

/// A decayed weight of `count` elements and one of 13 that is not.
Parameters weights(std::int64_t count, torch::ScalarType compute) {
  return {{{"w", {count}, Parameters::Init::kNormal, 1.0, true},
           {"b", {13}, Parameters::Init::kNormal, 1.0, false}},
          1,
          torch::kCPU,
          compute};
}

void set_gradient(Parameters& parameters, double size) {
  for (const char* const name : {"w", "b"})
    parameters[name].mutable_grad().copy_(size * torch::randn_like(parameters[name].detach()));
}

TEST(AdamW, TwoStepsByHand) {
  Parameters parameters(
      {{"w", {1}, Parameters::Init::kOnes, 0, true}, {"b", {1}, Parameters::Init::kOnes, 0, false}},
      1, torch::kCPU, torch::kFloat32);
  OptimizerOptions options;
  options.weight_decay = 0.1;
  options.clip = 0;
  AdamW optimizer(parameters, options);
  parameters["w"].mutable_grad().fill_(3.0);
  parameters["b"].mutable_grad().fill_(-4.0);
  // The first step of Adam moves by the learning rate against the sign; decay takes lr * 0.1 * w
  // from the matrix alone.
  EXPECT_NEAR(optimizer.step(0.01), 5.0, 1e-6);
  const double w = 1 - 0.01 * 0.1 - 0.01;
  EXPECT_NEAR(parameters["w"].item<double>(), w, 1e-6);
  EXPECT_NEAR(parameters["b"].item<double>(), 1 + 0.01, 1e-6);
  EXPECT_EQ(parameters.gradient().abs().max().item<double>(), 0.0);
  // Without a gradient the moments 0.1 * 3 and 0.02 * 9 shrink by 0.9 and 0.98.
  EXPECT_EQ(optimizer.step(0.01), 0.0);
  const double m = 0.9 * 0.1 * 3 / (1 - 0.9 * 0.9);
  const double v = 0.98 * 0.02 * 9 / (1 - 0.98 * 0.98);
  EXPECT_NEAR(parameters["w"].item<double>(), w * (1 - 0.01 * 0.1) - 0.01 * m / std::sqrt(v), 1e-6);
}

TEST(AdamW, GivesTheSameStepsAsTorchsOwnOptimizerWhetherTheGradientIsClippedOrNot) {
  for (const std::int64_t count : {5, 8, 40003}) {  // The last one in several pieces.
    torch::manual_seed(1);
    Parameters parameters = weights(count, torch::kFloat32);
    OptimizerOptions options;
    options.weight_decay = 0.1;
    options.clip = 2;
    AdamW ours(parameters, options);
    const auto copy = [&](const char* name) {
      return parameters[name].detach().clone().set_requires_grad(true);
    };
    auto w = copy("w");
    auto b = copy("b");
    const auto settings =
        torch::optim::AdamWOptions(0.01).betas({0.9, 0.98}).eps(1e-8).weight_decay(0.1);
    torch::optim::AdamW on_w({w}, settings);
    torch::optim::AdamW on_b({b}, torch::optim::AdamWOptions(settings).weight_decay(0));
    bool clipped[2] = {};
    for (int step = 0; step < 20; ++step) {
      set_gradient(parameters, 0.1 * step / std::sqrt(static_cast<double>(count)) * 20);
      const double norm = parameters.gradient().norm().item<double>();
      const double scale = std::min(1.0, 2 / norm);
      clipped[scale < 1 ? 1 : 0] = true;
      w.mutable_grad() = parameters["w"].grad() * scale;
      b.mutable_grad() = parameters["b"].grad() * scale;
      on_w.step();
      on_b.step();
      EXPECT_NEAR(ours.step(0.01), norm, 1e-5 * norm);
      EXPECT_EQ(parameters.gradient().count_nonzero().item<std::int64_t>(), 0);
    }
    EXPECT_TRUE(clipped[0] && clipped[1]);
    EXPECT_TRUE(torch::allclose(parameters["w"], w, 1e-5, 1e-6));
    EXPECT_TRUE(torch::allclose(parameters["b"], b, 1e-5, 1e-6));
  }
}

TEST(AdamW, InBf16TheModelSeesTheRoundedMasterWeights) {
  torch::manual_seed(2);
  Parameters parameters = weights(40003, torch::kBFloat16);
  Parameters exact = weights(40003, torch::kFloat32);
  AdamW optimizer(parameters, {});
  AdamW same_in_float(exact, {});
  for (int step = 0; step < 3; ++step) {
    set_gradient(parameters, 1);
    for (const char* const name : {"w", "b"})
      exact[name].mutable_grad().copy_(parameters[name].grad());
    EXPECT_EQ(optimizer.step(0.01), same_in_float.step(0.01));
    EXPECT_TRUE(torch::equal(parameters.master(), exact.master()));
    for (const auto& [name, master] : parameters.named())
      EXPECT_TRUE(torch::equal(parameters[name], master.to(torch::kBFloat16)));
    EXPECT_EQ(parameters.gradient().count_nonzero().item<std::int64_t>(), 0);
  }
}

TEST(AdamW, AGradientThatIsNotFiniteChangesNothingButItself) {
  for (const auto compute : {torch::kFloat32, torch::kBFloat16}) {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      Parameters parameters = weights(20, compute);
      AdamW optimizer(parameters, {});
      set_gradient(parameters, 1);
      (void)optimizer.step(0.01);
      const auto state = [&] {
        return torch::cat({parameters.master(), optimizer.first_moment(), optimizer.second_moment(),
                           parameters["w"].detach().to(torch::kFloat32)});
      };
      const auto before = state();
      set_gradient(parameters, 1);
      parameters["b"].mutable_grad()[7] = bad;
      EXPECT_FALSE(std::isfinite(optimizer.step(0.01)));
      EXPECT_TRUE(torch::equal(state(), before));
      EXPECT_EQ(optimizer.num_steps(), 1);
      EXPECT_EQ(parameters.gradient().count_nonzero().item<std::int64_t>(), 0);
    }
  }
}

TEST(AdamW, GivesTheSameBitsWithAnyNumberOfThreads) {
  const auto weights_with = [](int threads) {
    at::set_num_threads(threads);
    torch::manual_seed(3);
    Parameters parameters = weights(100003, torch::kFloat32);
    AdamW optimizer(parameters, {});
    set_gradient(parameters, 1);
    const double norm = optimizer.step(0.01);
    return torch::cat({parameters.master().to(torch::kFloat64), torch::full({1}, norm)});
  };
  const auto one = weights_with(1);
  EXPECT_TRUE(torch::equal(one, weights_with(3)));
  at::set_num_threads(1);
}

TEST(AdamW, LoopsForEveryProcessorAgree) {
  const auto all = runnable_kernels();
  if (all.size() == 1) GTEST_SKIP() << "this processor runs the plain loops alone";
  torch::manual_seed(4);
  const auto start = torch::rand({4, 1024});
  const auto run = [&](const KernelTables& kernels) {
    const auto x = start.clone();
    float* const at = x.data_ptr<float>();
    const double sum = kernels.floats.square_sum(at, 1024);
    kernels.floats.adamw({0.5F, 0.9F, 0.8F, 0.2F, 0.7F, 0.3F, 0.1F, 1.5F, 1e-3F}, 1024, at,
                         at + 1024, at + 2048, at + 3072, nullptr);
    return torch::cat({x.flatten(), torch::full({1}, sum)});
  };
  for (const KernelTables* kernels : all)
    EXPECT_TRUE(torch::allclose(run(kPlainKernels), run(*kernels), 1e-5, 1e-6));
}

}  // namespace
}  // namespace skillit
