#pragma once

#include <string>
#include <vector>

#include "skillit/report/study_summary.h"

namespace skillit {

/// What a study says about the final loss (mean over the evaluation skills after the last step), in
/// plain words for a stranger. Claims no more than the intervals do.
struct Headline {
  std::string verdict;               ///< One sentence.
  std::vector<std::string> details;  ///< The numbers behind it, one sentence each.
};
[[nodiscard]] Headline headline(const StudySummary& summary);

/// "reaches the final loss of random after 225 of 600 steps (median of 10 seeds; 95 % interval 150
/// to 300)"; says so where it does not within the budget. `steps` is of the whole run.
[[nodiscard]] std::string steps_to_rival_text(const StepsToRival& reach, const std::string& rival,
                                              std::uint64_t steps);

}  // namespace skillit
