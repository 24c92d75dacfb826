#include "skillit/graph/gradient_learner.h"

#include <algorithm>
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
  EXPECT_EQ(learned.provenance.at("seeds"), "0,1");
}

/// A world of known curvature: L_j = |x - c_j|^2 / 2 at x = 0, so the gradient of j is -c_j and a
/// step of size h down the gradient of i lowers L_j by h c_i . c_j - h^2 |c_i|^2 / 2, exactly.
TEST(GradientGraph, inner_products_are_what_a_small_step_lowers_up_to_curvature) {
  constexpr std::size_t kSkills = 6;
  constexpr std::size_t kDimensions = 40;
  constexpr double kStep = 1e-3;
  Rng rng(3, "centres");
  std::vector<std::vector<float>> gradients(kSkills, std::vector<float>(kDimensions));
  for (auto& gradient : gradients) {
    for (float& value : gradient) value = static_cast<float>(rng.normal());
  }
  const std::vector<std::span<const float>> views(gradients.begin(), gradients.end());
  const GradientProducts sample = gradient_products(views, views, 0);
  const SkillSet skills = testing::numbered_skills(kSkills);
  const LearnedGraph learned = gradient_graph(skills, skills, {&sample, 1}, {GradientForm::kInner});
  for (std::size_t i = 0; i < kSkills; ++i) {
    for (std::size_t j = 0; j < kSkills; ++j) {
      double drop = 0, square = 0;
      for (std::size_t d = 0; d < kDimensions; ++d) {
        const double center = -static_cast<double>(gradients[j][d]);
        const double moved = -kStep * static_cast<double>(gradients[i][d]);
        drop += (center * center - (moved - center) * (moved - center)) / 2;
        square += moved * moved / 2;
      }
      EXPECT_NEAR(learned.graph(i, j), (drop + square) / kStep, 1e-10);
      EXPECT_NEAR(learned.graph(i, j), drop / kStep, 0.04);  // h |c_i|^2 / 2, |c_i|^2 about 40.
    }
  }
}

TEST(GradientGraph, a_gradient_of_length_0_points_nowhere) {
  const std::span<const float> train[] = {kZero, kA};
  const std::span<const float> eval[] = {kX, kA};
  const GradientProducts sample = gradient_products(train, eval, 0);
  EXPECT_EQ(gradient_graph(kTrain, kEval, {&sample, 1}, {}).graph(0, 1), 0);
}

TEST(GradientGraph, projected_gradients_keep_their_products_give_or_take) {
  Rng rng(1, "gradients");
  std::vector<float> a(5000), b(5000);
  for (std::size_t n = 0; n < a.size(); ++n) {
    a[n] = static_cast<float>(rng.normal());
    b[n] = 0.5F * a[n] + static_cast<float>(rng.normal());
  }
  const auto product = [](const std::vector<float>& x, const std::vector<float>& y) {
    const std::span<const float> left[] = {x};
    const std::span<const float> right[] = {y};
    return gradient_products(left, right, 0).products[0];
  };
  const double exact = product(a, b);
  const double size = std::sqrt(product(a, a) * product(b, b));
  constexpr std::size_t kLength = 250;
  constexpr int kKeys = 400;
  double sum = 0, squares = 0;
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    const double error = product(project_gradient(a, kLength, mix64(key)),
                                 project_gradient(b, kLength, mix64(key))) -
                         exact;
    sum += error;
    squares += error * error;
  }
  // Variance (|a|^2 |b|^2 + (a . b)^2) / length, unbiased: five standard errors of the mean, and
  // of a variance over 400 draws 7 % each.
  const double variance = (size * size + exact * exact) / kLength;
  EXPECT_NEAR(sum / kKeys, 0, 5 * std::sqrt(variance / kKeys));
  EXPECT_NEAR(squares / kKeys, variance, 0.35 * variance);
}

TEST(GradientGraph, a_projection_is_a_sum_of_signed_values) {
  // In one place all values add up, each with its sign; the same key gives the same.
  const std::vector<float> values{1, 2, 4};
  const std::vector<float> one = project_gradient(values, 1, 7);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(std::abs(static_cast<int>(one[0])) % 2, 1);
  EXPECT_LE(std::abs(one[0]), 7);
  EXPECT_EQ(project_gradient(values, 1, 7), one);
  const std::vector<float> unit = project_gradient(std::vector<float>{0, 1, 0}, 8, 7);
  EXPECT_EQ(std::count_if(unit.begin(), unit.end(), [](float v) { return std::abs(v) == 1; }), 1);
  EXPECT_EQ(std::count(unit.begin(), unit.end(), 0.0F), 7);
  EXPECT_THAT(refusal_of([&] { (void)project_gradient(values, 0, 7); }), HasSubstr("no values"));
  EXPECT_EQ(parse_gradient_spec("gradient:projection=4096").projection, 4096);
  EXPECT_THAT(refusal_of([] { (void)parse_gradient_spec("gradient:projection=-1"); }),
              HasSubstr("projection is -1"));
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
