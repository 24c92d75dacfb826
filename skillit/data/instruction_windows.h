#pragma once

#include <cstdint>
#include <vector>

#include "skillit/data/answered_text.h"
#include "skillit/data/instruction_tasks.h"

namespace skillit {

/// How instructions become samples.
struct InstructionOptions {
  int context = 512;  ///< Tokens of a window, at most; >= 2.
  bool one_sample_per_window = false;
  ScoredTokens scored = ScoredTokens::kAnswer;  ///< In training and validation (the paper: all).
  int train_windows = 1000;                     ///< Per skill; >= 1.
  int validation_instances = 50;       ///< Held out of each task, but at most a fifth of it; >= 1.
  std::uint64_t validation_seed = 42;  ///< Alone decides who is held out and how it is shown.
};

/// Windows of instructions in context, as the paper's reference packs them: a definition (or none,
/// one time in three); for tasks of at most ten different first outputs, half of the time, the list
/// of labels; then instances, each behind a splitter and prefixes that are drawn for the window
/// (fixed ones in validation). A skill's training windows draw their tasks uniformly; a task's
/// instances come without replacement until they are spent, which ends a window.
///
/// Unlike the reference: an instance that no longer fits begins the next window instead of being
/// cut and lost; one that fits no window keeps its end, and so its answer; labels are those of the
/// whole task on both sides; nothing is padded; training and validation share no random numbers;
/// no training instance has the input of a held-out one.
/// @throws Error kBadArgument (options outside their range, a skill with nothing on one side).
[[nodiscard]] SkillData make_instruction_data(const std::vector<InstructionTask>& tasks,
                                              const InstructionOptions& options, std::uint64_t seed,
                                              const Tokenizer& tokenizer);

}  // namespace skillit
