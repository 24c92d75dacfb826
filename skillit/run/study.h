#pragma once

#include <filesystem>

#include "skillit/report/study_summary.h"
#include "skillit/run/observer.h"
#include "skillit/run/recipe.h"

namespace skillit {

/// Trains every (method, seed) of the recipe below `runs`/<name>, several at once where that is
/// faster, after its base model; what is finished already is kept, what was interrupted goes on.
/// Then writes summary.json and report.svg there; also the graph, as graph.json when it was learned
/// here, else as given_graph.json. Results do not depend on how many trainings ran
/// at once.
/// @return the summary, or nothing when the observer asked to stop. @throws the first error of any
/// run, after the others have stopped at a checkpoint.
[[nodiscard]] std::optional<StudySummary> run_study(const Recipe& recipe,
                                                    const std::filesystem::path& runs,
                                                    StudyObserver& observer);

}  // namespace skillit
