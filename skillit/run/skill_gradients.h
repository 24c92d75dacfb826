#pragma once

#include <optional>
#include <vector>

#include "skillit/graph/gradient_learner.h"
#include "skillit/run/probe_runner.h"

namespace skillit {

/// Gradients of the mean loss of each training skill (on training samples) and each evaluation
/// skill (on validation samples) at the recipe's base model (random weights without one), as inner
/// products, one entry per seed: learn.gradient_samples samples of each skill, one backward pass
/// each, no training. All gradients of a seed are in memory at once, as long as the model, or as
/// options.projection. recipe.micro_batch and recompute save memory as in training.
/// @return nothing when the observer asked to stop. @throws Error.
[[nodiscard]] std::optional<std::vector<GradientProducts>> measure_skill_gradients(
    const Recipe& recipe, const std::optional<BaseModel>& base, const ProbeRunner& data,
    const GradientOptions& options, StudyObserver& observer);

}  // namespace skillit
