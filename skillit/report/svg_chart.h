#pragma once

#include <span>
#include <string>

#include "skillit/record/run_record.h"

namespace skillit {

/// One self-contained SVG of a study: mean loss over training for each method (one thin line per
/// seed, a thick one for their mean), the same for each skill, and the mixture of each method that
/// changes it. Counts the runs that summarize() counts. `threshold` is drawn as a line.
/// @throws Error kBadArgument when no run is finished.
[[nodiscard]] std::string to_svg(std::span<const RunRecord> runs, double threshold = 0.1);

}  // namespace skillit
