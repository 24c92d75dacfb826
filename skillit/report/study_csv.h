#pragma once

#include <span>
#include <string>

#include "skillit/record/run_record.h"
#include "skillit/report/study_summary.h"

namespace skillit {

// Tables for other programs (RFC 4180, a header line, one value per row). What has no value has an
// empty field.

/// The results of each run: study,method,seed,measure,skill,value with the measures final_loss,
/// loss_area, steps_to_threshold (skill empty: over all), and final_loss and final_accuracy of each
/// skill. Only the runs that the summary counts.
[[nodiscard]] std::string results_to_csv(std::span<const RunRecord> runs,
                                         const StudySummary& summary);

/// Everything measured on the way, of all runs, finished or not:
/// method,seed,step,measure,skill,value with the measures train_loss, learning_rate, grad_norm,
/// tokens (of each step); loss and accuracy (of each evaluation and skill); share, asked and
/// delivered (of each round and training skill, at the round's first step; asked and delivered
/// count from the beginning to the round's end).
[[nodiscard]] std::string curves_to_csv(std::span<const RunRecord> runs);

}  // namespace skillit
