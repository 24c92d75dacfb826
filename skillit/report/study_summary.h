#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "skillit/record/run_record.h"
#include "skillit/report/statistics.h"

namespace skillit {

/// One number per seed, and its mean over the seeds that have it.
struct Measure {
  std::vector<double> by_seed;  ///< NaN = none: never reached, or a loss that is not finite.
  Estimate estimate;
};

struct MethodSummary {
  std::string method;
  std::vector<std::uint64_t> seeds;
  Measure final_loss;          ///< Mean over evaluation skills after the last step.
  Measure loss_area;           ///< Area under the mean-loss curve / its span: mean over training.
  Measure steps_to_threshold;  ///< First evaluation with a mean loss at or below the threshold.
  std::vector<Estimate> skill_losses;             ///< After the last step, by evaluation skill.
  std::vector<Estimate> skill_accuracies;         ///< Likewise; n = 0 where not measured.
  std::vector<std::vector<double>> mixture_path;  ///< [round][training skill], mean over seeds.
};

/// First - second over the seeds that both have. A measure counts the pairs in which both have it.
struct PairSummary {
  std::string first;
  std::string second;
  std::vector<std::uint64_t> common_seeds;
  PairedDifference final_loss;
  PairedDifference loss_area;
  PairedDifference steps_to_threshold;
};

/// All that is concluded from a study. The table, the JSON and the picture hold these numbers.
struct StudySummary {
  std::string study;
  std::uint64_t steps = 0;
  double threshold = 0;
  std::vector<std::string> train_skills;
  std::vector<std::string> eval_skills;
  std::vector<MethodSummary> methods;  ///< In order of first appearance among the runs.
  std::vector<PairSummary> pairs;      ///< Every later method against every earlier one.
  std::vector<std::string> left_out;   ///< Runs that are not counted, and why.
  std::vector<std::string> notes;      ///< Runs that lack a measure, and why.
};

/// @throws Error kBadArgument when no run is finished, saying which runs there are.
[[nodiscard]] StudySummary summarize(std::span<const RunRecord> runs, double threshold = 0.1);

}  // namespace skillit
