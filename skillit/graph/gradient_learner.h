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

/// A gradient in `length` numbers whose inner products are those of the gradients, give or take:
/// each value is added, with a random sign, to a random place (a count sketch; places and signs
/// come from `key` alone, so project all gradients that are compared with one key). Over keys an
/// inner product is unbiased with variance at most (|a|^2 |b|^2 + (a . b)^2) / length; a cosine is
/// known to about 1 / sqrt(length). O(values) time. @throws Error kBadArgument when length is 0.
[[nodiscard]] std::vector<float> project_gradient(std::span<const float> gradient,
                                                  std::size_t length, std::uint64_t key);

enum class GradientForm { kCosine, kInner };
[[nodiscard]] std::vector<std::string_view> spec_names(GradientForm);
struct GradientOptions {
  /// kInner: the loss drop of a unit step, first order.
  GradientForm form = GradientForm::kCosine;
  /// Numbers that each gradient is projected to at random before it is kept; 0 = as it is.
  int projection = 0;
  static constexpr auto fields() {
    using O = GradientOptions;
    return std::tuple{
        SpecField{"form", &O::form, "cosine or inner"},
        SpecField{"projection", &O::projection,
                  "numbers kept of each gradient by random projection; 0 = all"},
    };
  }
};
/// "gradient:form=inner,projection=4096". @throws Error kBadArgument, kNotFound for another
/// learner's name.
[[nodiscard]] GradientOptions parse_gradient_spec(std::string_view spec);

/// Edge i -> j = cosine or inner product of the two gradients, estimated over `samples` (seeds,
/// batches or checkpoints). A cosine with a gradient of length 0 is 0. @throws Error kBadArgument
/// on no sample, sizes that do not fit the names, or a value that is NaN or infinite.
[[nodiscard]] LearnedGraph gradient_graph(const SkillSet& train_skills, const SkillSet& eval_skills,
                                          std::span<const GradientProducts> samples,
                                          const GradientOptions& options,
                                          const GraphProcessing& processing = {});

}  // namespace skillit
