#pragma once

#include <cstdint>

#include "skillit/data/mixture_stream.h"
#include "skillit/run/dataset.h"
#include "skillit/run/stream_recipe.h"

namespace skillit {

/// The stream of a run over its training skills. The dataset must outlive it, in its place.
/// @throws Error kMismatch when max_epochs_of names no training skill.
[[nodiscard]] MixtureStream make_stream(const StreamRecipe& recipe, const Dataset& dataset,
                                        std::uint64_t seed);

}  // namespace skillit
