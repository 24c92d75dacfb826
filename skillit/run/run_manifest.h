#pragma once

#include "skillit/record/manifest.h"
#include "skillit/run/dataset.h"
#include "skillit/run/experiment.h"

namespace skillit {

/// What a run's record says of it before it begins: the resolved recipe, fingerprints of all that
/// decides its bits (a resume compares them), versions, the machine, what it charges for its costs.
[[nodiscard]] Manifest make_manifest(const RunPlan& plan, const Dataset& dataset);

}  // namespace skillit
