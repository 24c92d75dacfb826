#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/graph/graph_processing.h"
#include "skillit/graph/learned_graph.h"

namespace skillit {

/// Inner products of per-skill gradients at one checkpoint: all that the gradient learner needs of
/// them, so that the gradients themselves need not be kept.
struct GradientProducts {
  std::uint64_t seed = 0;
  std::vector<double> products;     ///< g_i . g_j, row-major, k x m.
  std::vector<double> train_norms;  ///< |g_i|, k values.
  std::vector<double> eval_norms;   ///< |g_j|, m values.
};
/// From the gradients of the mean loss of each training and each evaluation skill, all of one
/// length; summed in float64. @throws Error kBadArgument on another length.
[[nodiscard]] GradientProducts gradient_products(
    std::span<const std::span<const float>> train_gradients,
    std::span<const std::span<const float>> eval_gradients, std::uint64_t seed);

enum class GradientForm { kCosine, kInner };
[[nodiscard]] std::vector<std::string_view> spec_names(GradientForm);
struct GradientOptions {
  GradientForm form =
      GradientForm::kCosine;  ///< kInner: the loss drop of a unit step, first order.
  static constexpr auto fields() {
    return std::tuple{SpecField{"form", &GradientOptions::form, "cosine or inner"}};
  }
};
/// "gradient:form=inner". @throws Error kBadArgument, kNotFound for another learner's name.
[[nodiscard]] GradientOptions parse_gradient_spec(std::string_view spec);

/// Edge i -> j = cosine or inner product of the two gradients, estimated over `samples` (seeds,
/// batches or checkpoints). A cosine with a gradient of length 0 is 0. @throws Error kBadArgument
/// on no sample, sizes that do not fit the names, or a value that is NaN or infinite.
[[nodiscard]] LearnedGraph gradient_graph(const SkillSet& train_skills, const SkillSet& eval_skills,
                                          std::span<const GradientProducts> samples,
                                          const GradientOptions& options,
                                          const GraphProcessing& processing = {});

}  // namespace skillit
