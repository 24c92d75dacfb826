#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "skillit/skill/skill_losses.h"

namespace skillit {

/// All that is known when the mixture of a round is chosen. Most methods look at the losses alone,
/// so a history converts to it; a method that needs more says what is missing. What a further
/// method needs (training losses or gradients by skill, a fitted law) becomes a member here, empty
/// where it is not measured, and no other method changes.
struct RoundInputs {
  RoundInputs() = default;
  RoundInputs(LossHistory losses) : history(std::move(losses)) {}  // NOLINT: a history is enough.

  /// Every evaluation since the start that the method may use; empty for the first round (the
  /// paper's Algorithm 1 uses no loss there).
  LossHistory history;
  /// Losses before any training, for methods that order the skills by them; nothing = not measured.
  std::optional<SkillLosses> initial;
  // In the units of the shares, samples or tokens.
  std::uint64_t begin = 0;  ///< Delivered before the round.
  std::uint64_t size = 0;   ///< Of the coming round; 0 = not known.
  std::uint64_t total = 0;  ///< Of the whole training; 0 = not known.
  /// By training skill, how much may still be delivered; empty = no limits.
  std::vector<std::uint64_t> left;
};

/// Rounds before the coming one: none without an evaluation, else those that began, at least one.
[[nodiscard]] std::size_t rounds_before(const LossHistory& history);

/// The losses before any training: `initial`, else the first evaluation, else nothing.
[[nodiscard]] std::optional<SkillLosses> first_losses(const RoundInputs& inputs);

}  // namespace skillit
