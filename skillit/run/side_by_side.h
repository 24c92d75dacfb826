#pragma once

#include <vector>

#include "skillit/run/experiment.h"
#include "skillit/run/observer.h"

namespace skillit {

/// Works off the runs, `parallel` at a time, each in a thread of its own. Results do not depend on
/// `parallel`. When one fails the others stop at their last checkpoint.
/// @return whether all came to their end; false when the observer asked to stop. @throws the first
/// error of any run.
[[nodiscard]] bool run_side_by_side(const std::vector<RunPlan>& plans, int parallel,
                                    StudyObserver& observer);

}  // namespace skillit
