#pragma once

#include <string>

#include "skillit/report/statistics.h"
#include "skillit/report/study_summary.h"

namespace skillit {

/// Three significant digits: "0.0410", "7.80", "180", "12345".
[[nodiscard]] std::string number_text(double value);

/// "; if these are the true difference and spread, 12 more seeds would show it four times in five":
/// pairs_needed beyond those there are. Says when that is a test alone that has others beside it.
/// Empty where no more would do, or where the number of comparisons is what is in the way.
[[nodiscard]] std::string power_text(const PairedDifference& measure, bool has_others);

/// What a difference is one of; decides the words.
enum class Quantity { kLoss, kSteps };

/// One plain sentence that claims no more than the interval, e.g. "skillit is lower by 0.0410
/// [0.0120, 0.0700], n = 5, p = 0.018". `measure` is one of the pair's.
[[nodiscard]] std::string verdict(const PairSummary& pair, const PairedDifference& measure,
                                  Quantity quantity);

}  // namespace skillit
