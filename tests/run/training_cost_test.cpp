#include "skillit/run/training_cost.h"

#include <gtest/gtest.h>

namespace skillit {
namespace {

TEST(UnitCosts, ByHandForLego) {
  DataOptions options;
  options.source = "lego";
  options.skills = 3;
  options.validation = 20;
  const Dataset data = make_dataset(options, 100, 0);
  GptOptions model;
  model.layers = 2;
  model.width = 16;
  const auto words = static_cast<std::int64_t>(data.tokenizer->vocabulary_size());
  const UnitCosts costs = unit_costs(architecture_of(model, words), data, 7.0);
  // A LEGO sample of 3 variables has 24 inputs, the last of which is scored. Forward: 2 products
  // each of 2 layers x (12 x 16^2 + 16 x 24 / 2 back on average, for keys and for values) = 13,824;
  // the backward pass is twice that.
  ASSERT_EQ(data.validation[0][0].scored[24], 1);
  EXPECT_DOUBLE_EQ(costs.flops_per_token, 3 * 13824);
  const auto vocabulary = static_cast<double>(data.tokenizer->vocabulary_size());
  EXPECT_DOUBLE_EQ(costs.flops_per_scored_token, 3 * 2 * vocabulary * 16);
  EXPECT_DOUBLE_EQ(costs.flops_per_evaluation, 3 * 20 * (24 * 13824 + 2 * vocabulary * 16));
  EXPECT_EQ(costs.graph_flops, 7);
}

}  // namespace
}  // namespace skillit
