#pragma once

#include <cmath>
#include <vector>

namespace skillit {

/// Mean validation loss of each evaluation skill, in nats per scored token, by evaluation skill id.
/// NaN = not measured (never the same as 0).
struct SkillLosses {
  std::vector<double> values;

  [[nodiscard]] std::size_t size() const noexcept { return values.size(); }
  [[nodiscard]] double operator[](std::size_t id) const { return values[id]; }
  [[nodiscard]] bool measured(std::size_t id) const { return !std::isnan(values[id]); }
  /// Mean over the measured skills; NaN when none is.
  [[nodiscard]] double mean() const;

  friend bool operator==(const SkillLosses&, const SkillLosses&) = default;
};

/// What a selector sees at a round's end: all evaluations made so far, oldest first. The first is
/// the one before any training; round_starts[r] = index of the first evaluation made after round r
/// began (round 0 begins at 0).
struct LossHistory {
  std::vector<SkillLosses> evaluations;
  std::vector<std::size_t> round_starts;
};

/// Of each round in which something was evaluated, the index of its last evaluation, oldest first.
/// Without round_starts everything belongs to round 0. @throws Error kBadArgument when round_starts
/// does not begin at 0, goes back, or points past the evaluations.
[[nodiscard]] std::vector<std::size_t> last_evaluation_of_each_round(const LossHistory& history);

}  // namespace skillit
