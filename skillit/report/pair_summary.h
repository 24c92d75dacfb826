#pragma once

#include "skillit/report/study_runs.h"
#include "skillit/report/study_summary.h"

namespace skillit {

/// The runs of two methods on their common seeds, compared. The summaries are those of the runs.
/// Holm's correction is left out: see correct_for_comparisons().
[[nodiscard]] PairSummary summarize_pair(const MethodRuns& first_runs, const MethodSummary& first,
                                         const MethodRuns& second_runs,
                                         const MethodSummary& second);

/// Fills holm_p of each measure, over the pairs that are no repeats.
void correct_for_comparisons(std::vector<PairSummary>& pairs);

/// From the repeats among the methods; nothing when there are none.
[[nodiscard]] std::optional<NoiseFloor> noise_floor(std::span<const MethodSummary> methods);

}  // namespace skillit
