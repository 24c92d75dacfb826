#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "skillit/skill/skill_losses.h"

namespace skillit {

/// What one training step did. Steps are counted from 1: after step s, s steps are done.
struct StepRecord {
  std::uint64_t step = 0;
  double loss = 0;                  ///< Training loss, nats per scored token.
  double learning_rate = 0;         ///< The rate this step used.
  double grad_norm = 0;             ///< Before clipping.
  std::uint64_t scored_tokens = 0;  ///< In this step.
  std::uint64_t tokens = 0;         ///< In this step, scored or not, without padding.
  friend bool operator==(const StepRecord&, const StepRecord&) = default;
};

/// One measurement on the validation set, by evaluation skill.
struct EvaluationRecord {
  std::uint64_t step = 0;  ///< Steps done before it; 0 = before any training.
  SkillLosses losses = {};
  std::vector<double> accuracies = {};  ///< In [0, 1]; NaN = not measured.
  friend bool operator==(const EvaluationRecord&, const EvaluationRecord&) = default;
};

/// One round, written when it ends. Lists are by training skill; `asked`, `delivered` and `tokens`
/// count from the run's beginning to this round's end.
struct RoundRecord {
  std::uint64_t round = 0;                    ///< Counted from 0.
  std::uint64_t first_step = 0;               ///< Steps done before the round.
  std::vector<double> mixture = {};           ///< Shares in force, with the bits that were used.
  std::vector<double> asked = {};             ///< Samples, or tokens if asked_in_tokens.
  std::vector<std::uint64_t> delivered = {};  ///< Samples trained on.
  std::uint64_t tokens = 0;                   ///< Tokens trained on.
  // Written since there are shares of tokens; empty and false in older files.
  std::vector<std::uint64_t> skill_tokens = {};  ///< Tokens of the samples delivered.
  std::vector<double> epochs = {};               ///< Of each skill's samples.
  std::vector<std::uint64_t> spent = {};         ///< Skills that may not be drawn any more.
  bool asked_in_tokens = false;
  bool ended = false;  ///< The data were spent, and the run ended with this round.
  friend bool operator==(const RoundRecord&, const RoundRecord&) = default;
};

/// Wall-clock time of one round. A resumed run keeps every attempt, so a round may come twice.
struct TimingRecord {
  std::uint64_t round = 0;
  double train_seconds = 0;
  double evaluate_seconds = 0;
  double select_seconds = 0;
  friend bool operator==(const TimingRecord&, const TimingRecord&) = default;
};

/// Version of the run folder's files. A change that an older reader would misread raises it.
inline constexpr std::uint64_t kRecordFormatVersion = 1;

/// What a run's parts take, in floating-point operations: products, counted from the model's shape,
/// a multiply-add as two. Known when the run begins.
struct UnitCosts {
  double flops_per_token = 0;         ///< Trained on: forward and backward, without the head.
  double flops_per_scored_token = 0;  ///< In addition: the head, where a prediction is scored.
  double flops_per_evaluation = 0;    ///< Of all validation samples.
  /// Of learning the graph that the method uses; 0 when it uses none, nothing when not known.
  std::optional<double> graph_flops;
  double sample_losses_flops = 0;  ///< Of measuring samples once before training, to order them.
  friend bool operator==(const UnitCosts&, const UnitCosts&) = default;
};

/// What a run is: all that decides its outcome, and where it was begun.
struct Manifest {
  std::uint64_t format_version = kRecordFormatVersion;
  std::string study;
  std::string method;  ///< The spec a selector is made from, e.g. "skillit:eta=0.5".
  std::uint64_t seed = 0;
  std::uint64_t steps = 0;
  std::uint64_t rounds = 0;
  std::vector<std::string> train_skills;
  std::vector<std::string> eval_skills;
  std::string recipe;  ///< Canonical YAML of the resolved recipe.
  std::map<std::string, std::string>
      fingerprints;  ///< "recipe", "data", "tokenizer", "base", "code format".
  std::map<std::string, std::string> versions;  ///< Of the programs used; informative only.
  std::map<std::string, std::string> machine;   ///< See detect_machine(); informative only.
  /// Different samples there are, by training skill; empty = not recorded. Informative only.
  std::vector<std::uint64_t> train_samples;
  std::optional<UnitCosts> costs;  ///< Nothing = not recorded. Informative only.
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

/// All that is known of one run.
struct RunRecord {
  Manifest manifest;
  std::vector<StepRecord> steps;
  std::vector<EvaluationRecord> evaluations;
  std::vector<RoundRecord> rounds;
  std::vector<TimingRecord> timings;
  /// All rounds are recorded, or the one with which the run ended early, and the evaluation after
  /// the last step too.
  bool finished = false;
};

}  // namespace skillit
