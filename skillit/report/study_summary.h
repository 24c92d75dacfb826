#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "skillit/record/run_record.h"
#include "skillit/report/delivery.h"
#include "skillit/report/run_cost.h"
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
  Measure best_loss;           ///< The lowest mean over evaluation skills of any evaluation.
  Measure best_step;           ///< Where that was, the first time.
  Measure loss_area;           ///< Area under the mean-loss curve / its span: mean over training.
  Measure steps_to_threshold;  ///< First evaluation with a mean loss at or below the threshold.
  std::vector<Estimate> skill_losses;             ///< After the last step, by evaluation skill.
  std::vector<Estimate> skill_accuracies;         ///< Likewise; n = 0 where not measured.
  std::vector<std::vector<double>> mixture_path;  ///< [round][training skill], mean over seeds.
  std::vector<RunCost> costs;                     ///< By seed.
  Delivery delivery;
};

/// How soon one method was as good as its rival in the end, on each common seed: data efficiency.
struct StepsToRival {
  /// First evaluation with a mean loss at or below the rival's final one; infinite = not within the
  /// budget. Only seeds where both have a final loss.
  std::vector<double> by_seed;
  MedianEstimate steps;
  /// The same as floating-point operations, with the evaluations until then and the whole graph,
  /// over all that the rival took. n = 0 where a cost is not known.
  MedianEstimate flops_ratio;
};

/// The evaluation skills by the sign of their mean difference over the common seeds.
struct SkillSigns {
  std::size_t first_lower = 0;
  std::size_t second_lower = 0;
  std::size_t equal = 0;  ///< Or without a common measurement.
  double p_value = 1;     ///< sign_test_p(): as if skills were independent, which they seldom are.
};

/// First - second over the seeds that both have. A measure counts the pairs in which both have it.
struct PairSummary {
  std::string first;
  std::string second;
  bool is_repeat = false;  ///< Of one method: what differs is chance (parse_method_repeat()).
  std::vector<std::uint64_t> common_seeds;
  PairedDifference final_loss;
  PairedDifference best_loss;  ///< Not corrected: it explains, and no verdict rests on it.
  PairedDifference loss_area;
  PairedDifference steps_to_threshold;
  SkillSigns skills;           ///< Of the final losses.
  StepsToRival first_reaches;  ///< The final loss of second.
  StepsToRival second_reaches;
};

/// What chance alone does to a final loss when data, base model and validation set are the same.
struct NoiseFloor {
  double sd = 0;            ///< Of one run about the mean of its repeats, pooled.
  std::size_t degrees = 0;  ///< Of freedom: repeats beyond the first, over all methods and seeds.
  /// The 95 % reach of a mean difference between two methods over n seeds if both were the same:
  /// t(.975, degrees) sd sqrt(2 / n).
  [[nodiscard]] double reach(std::size_t n) const;
};

/// All that is concluded from a study. The table, the JSON and the picture hold these numbers.
struct StudySummary {
  std::string study;
  std::uint64_t steps = 0;
  double threshold = 0;
  std::vector<std::string> train_skills;
  std::vector<std::string> eval_skills;
  std::vector<MethodSummary> methods;     ///< In order of first appearance among the runs.
  std::vector<PairSummary> pairs;         ///< Every later method against every earlier one.
  std::optional<NoiseFloor> noise_floor;  ///< Where the study has repeats.
  std::vector<std::string> left_out;      ///< Runs that are not counted, and why.
  std::vector<std::string> notes;         ///< Runs that lack a measure, and why.
};

struct SummaryOptions {
  double threshold = 0.1;  ///< Mean loss whose first crossing is reported.
  /// A method: only pairs with it are compared, so that the correction for the number of
  /// comparisons asks less. Empty = every pair.
  std::string against = {};
};

/// p values are corrected (Holm) within each measure, over the pairs of different methods.
/// @throws Error kBadArgument when no run is finished, saying which runs there are; kNotFound when
/// no run has the method `against`.
[[nodiscard]] StudySummary summarize(std::span<const RunRecord> runs,
                                     const SummaryOptions& options = {});

}  // namespace skillit
