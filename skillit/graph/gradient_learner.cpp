#include "skillit/graph/gradient_learner.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cmath>

#include "skillit/base/error.h"
#include "skillit/base/rng.h"
#include "skillit/graph/edge_accumulator.h"

namespace skillit {
namespace {

double dot(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("gradient: gradients of {} and {} values found; all of one length were "
                     "expected",
                     a.size(), b.size()));
  }
  double sum = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
    sum += static_cast<double>(a[n]) * static_cast<double>(b[n]);
  return sum;
}

void check(const GradientProducts& sample, std::size_t k, std::size_t m) {
  const auto check_values = [&](const std::vector<double>& values, std::size_t expected,
                                std::string_view what) {
    if (values.size() != expected) {
      fail(ErrorCode::kBadArgument,
           fmt::format("gradient: sample of seed {}: {} {} found, {} expected", sample.seed,
                       values.size(), what, expected));
    }
    for (const double value : values) {
      if (std::isfinite(value)) continue;
      fail(ErrorCode::kBadArgument,
           fmt::format("gradient: sample of seed {}: one of the {} is {}; finite numbers were "
                       "expected",
                       sample.seed, what, value));
    }
  };
  check_values(sample.products, k * m, "products");
  check_values(sample.train_norms, k, "norms of training gradients");
  check_values(sample.eval_norms, m, "norms of evaluation gradients");
}

std::vector<double> cosines(const GradientProducts& sample, std::size_t k, std::size_t m) {
  std::vector<double> edges(k * m);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < m; ++j) {
      const double norms = sample.train_norms[i] * sample.eval_norms[j];
      edges[i * m + j] = norms > 0 ? sample.products[i * m + j] / norms : 0;
    }
  }
  return edges;
}

}  // namespace

std::vector<std::string_view> spec_names(GradientForm) {
  return {"cosine", "inner"};
}

GradientOptions parse_gradient_spec(std::string_view text) {
  const MethodSpec spec = parse_method_spec(text);
  if (spec.method != "gradient") {
    fail(ErrorCode::kNotFound,
         fmt::format("{}: 'gradient' was expected, as only it learns from gradients", text));
  }
  const auto options = read_spec_options<GradientOptions>(spec);
  if (options.projection < 0) {
    fail(ErrorCode::kBadArgument,
         fmt::format("gradient: projection is {}; a number of values from 1 was expected, or 0 for "
                     "none",
                     options.projection));
  }
  return options;
}

std::vector<float> project_gradient(std::span<const float> gradient, std::size_t length,
                                    std::uint64_t key) {
  if (length == 0) fail(ErrorCode::kBadArgument, "gradient: cannot project to no values");
  std::vector<double> sums(length);
  for (std::size_t n = 0; n < gradient.size(); ++n) {
    const std::uint64_t bits = mix64(key + n);
    const double sign = (bits & 1) != 0 ? -1 : 1;
    sums[(bits >> 1) % length] += sign * static_cast<double>(gradient[n]);
  }
  std::vector<float> projected;
  projected.reserve(length);
  for (const double sum : sums) projected.push_back(static_cast<float>(sum));
  return projected;
}

GradientProducts gradient_products(std::span<const std::span<const float>> train_gradients,
                                   std::span<const std::span<const float>> eval_gradients,
                                   std::uint64_t seed) {
  GradientProducts result;
  result.seed = seed;
  for (const auto& gradient : train_gradients) {
    result.train_norms.push_back(std::sqrt(dot(gradient, gradient)));
    for (const auto& other : eval_gradients) result.products.push_back(dot(gradient, other));
  }
  for (const auto& gradient : eval_gradients)
    result.eval_norms.push_back(std::sqrt(dot(gradient, gradient)));
  return result;
}

LearnedGraph gradient_graph(const SkillSet& train_skills, const SkillSet& eval_skills,
                            std::span<const GradientProducts> samples,
                            const GradientOptions& options, const GraphProcessing& processing) {
  const std::size_t k = train_skills.size();
  const std::size_t m = eval_skills.size();
  if (samples.empty()) fail(ErrorCode::kBadArgument, "gradient: no sample of gradients was given");
  EdgeAccumulator estimates(k * m);
  std::vector<std::uint64_t> seeds;
  for (const GradientProducts& sample : samples) {
    check(sample, k, m);
    seeds.push_back(sample.seed);
    estimates.add(options.form == GradientForm::kCosine ? cosines(sample, k, m) : sample.products);
  }
  LearnedGraph learned = process_edges(train_skills, eval_skills, estimates.finish(), processing);
  learned.provenance["seeds"] = fmt::format("{}", fmt::join(seeds, ","));
  return learned;
}

}  // namespace skillit
