#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "skillit/record/run_record.h"

namespace skillit {

/// The runs of one method, by seed. Borrowed.
struct MethodRuns {
  std::string method;
  std::vector<const RunRecord*> runs;
};

/// The runs of a study that may be compared, by method in order of first appearance.
struct StudyRuns {
  std::vector<MethodRuns> methods;
  std::vector<std::string> left_out;  ///< "random seed 3: unfinished, 400 of 600 steps".
};

/// Keeps the finished runs that have the skills and the number of steps of the first of them, and
/// the data and base model of the first with their seed. `runs` must outlive the result.
[[nodiscard]] StudyRuns comparable_runs(std::span<const RunRecord> runs);

/// Values against training steps.
struct Curve {
  std::vector<std::uint64_t> steps;
  std::vector<double> values;
};

/// Mean loss over the evaluation skills, at the evaluations where each has a finite loss.
[[nodiscard]] Curve mean_loss_curve(const RunRecord& run);
/// Loss of one evaluation skill, where it is finite.
[[nodiscard]] Curve skill_loss_curve(const RunRecord& run, std::size_t skill);
/// Mean of the curves at the steps that all of them have.
[[nodiscard]] Curve mean_of_curves(std::span<const Curve> curves);

/// Shares by training skill for each round, mean over the runs.
[[nodiscard]] std::vector<std::vector<double>> mean_mixture_path(const MethodRuns& method);
/// Whether the path leaves where it started.
[[nodiscard]] bool mixture_moves(const std::vector<std::vector<double>>& mixture_path);

}  // namespace skillit
