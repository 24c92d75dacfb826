#include "skillit/graph/gradient_learner.h"

#include <cmath>

#include "tests/graph/graph_test_helpers.h"

namespace skillit {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pointwise;
using testing::refusal_of;
using testing::weights_of;

const SkillSet kTrain({"a", "b"});
const SkillSet kEval({"x", "y"});
const std::vector<float> kA{3, 4};
const std::vector<float> kB{0, -2};
const std::vector<float> kX{1, 0};
const std::vector<float> kZero{0, 0};

GradientProducts products(std::uint64_t seed = 0) {
  const std::span<const float> train[] = {kA, kB};
  const std::span<const float> eval[] = {kX, kA};
  return gradient_products(train, eval, seed);
}

TEST(GradientGraph, products_and_norms_by_hand) {
  EXPECT_THAT(products().products, ElementsAre(3, 25, 0, -8));
  EXPECT_THAT(products().train_norms, ElementsAre(5, 2));
  EXPECT_THAT(products().eval_norms, ElementsAre(1, 5));
}

TEST(GradientGraph, an_edge_is_the_cosine_or_the_inner_product) {
  const GradientProducts sample = products();
  const auto graph = [&](GradientForm form) {
    return weights_of(gradient_graph(kTrain, kEval, {&sample, 1}, {form}).graph);
  };
  EXPECT_THAT(graph(GradientForm::kCosine), Pointwise(DoubleNear(1e-15), {0.6, 1.0, 0.0, -0.8}));
  EXPECT_THAT(graph(GradientForm::kInner), ElementsAre(3, 25, 0, -8));
}

TEST(GradientGraph, samples_are_estimated_over) {
  std::vector<GradientProducts> samples{products(0), products(1)};
  samples[1].products[0] = 5;
  const LearnedGraph learned =
      gradient_graph(kTrain, kEval, samples, {GradientForm::kInner}, {.keep_noise = true});
  EXPECT_EQ(learned.edge(0, 0).n, 2);
  EXPECT_DOUBLE_EQ(learned.graph(0, 0), 4);
  EXPECT_DOUBLE_EQ(learned.edge(0, 0).standard_error, 1);  // sd sqrt(2), over sqrt(2).
}

TEST(GradientGraph, a_gradient_of_length_0_points_nowhere) {
  const std::span<const float> train[] = {kZero, kA};
  const std::span<const float> eval[] = {kX, kA};
  const GradientProducts sample = gradient_products(train, eval, 0);
  EXPECT_EQ(gradient_graph(kTrain, kEval, {&sample, 1}, {}).graph(0, 1), 0);
}

TEST(GradientGraph, what_does_not_fit_is_refused) {
  const std::vector<float> longer{1, 2, 3};
  const std::span<const float> train[] = {kA, longer};
  const std::span<const float> eval[] = {kX};
  EXPECT_THAT(refusal_of([&] { (void)gradient_products(train, eval, 0); }),
              HasSubstr("gradients of 3 and 2 values"));
  GradientProducts sample = products(4);
  EXPECT_THAT(refusal_of([&] { (void)gradient_graph(kTrain, kTrain, {}, {}); }),
              HasSubstr("no sample"));
  EXPECT_THAT(refusal_of([&] {
                (void)gradient_graph(kTrain, SkillSet({"x"}), {&sample, 1}, {});
              }),
              HasSubstr("4 products found, 2 expected"));
  sample.products[1] = std::nan("");
  EXPECT_THAT(refusal_of([&] {
                (void)gradient_graph(kTrain, kEval, {&sample, 1}, {});
              }),
              HasSubstr("seed 4"));
  EXPECT_THAT(refusal_of([] { (void)parse_gradient_spec("gradient:form=cos"); }),
              HasSubstr("cosine"));
  EXPECT_THAT(refusal_of([] { (void)parse_gradient_spec("online"); }), HasSubstr("'gradient'"));
}

}  // namespace
}  // namespace skillit
