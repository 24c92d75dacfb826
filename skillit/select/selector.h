#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/base/bytes.h"
#include "skillit/config/spec.h"
#include "skillit/select/round_inputs.h"
#include "skillit/select/setting.h"
#include "skillit/skill/mixture.h"
#include "skillit/skill/skill_graph.h"
#include "skillit/skill/skill_losses.h"
#include "skillit/skill/skill_set.h"

namespace skillit {

/// Which samples of an ordered pool a round is drawn from, for methods that choose among samples
/// instead of skills.
struct PoolPart {
  bool hardest_first = false;  ///< Else by rising loss before training.
  double fraction = 1;         ///< In (0, 1]: this part of the pool, from its beginning.
  friend bool operator==(const PoolPart&, const PoolPart&) = default;
};

/// Chooses each training skill's share of the next round from the validation losses so far.
/// Deterministic: no I/O, no clock, no randomness; its only state is what save() writes, so a run
/// can be replayed from its record. One thread at a time.
class Selector {
 public:
  virtual ~Selector() = default;

  /// The mixture of the coming round. Call once per round, in order. @throws Error kBadArgument
  /// naming what the method needs and `inputs` does not hold, or a skill whose loss is NaN or
  /// infinite and needed.
  [[nodiscard]] virtual Mixture next(const RoundInputs& inputs) = 0;

  /// Set by a method that draws each round from a pool ordered by the samples' losses before
  /// training; next() is then the pool's mixture of skills, the same in every round. Whoever runs
  /// the loop measures the pool once and charges it. @throws Error kBadArgument like next().
  [[nodiscard]] virtual std::optional<PoolPart> pool_part(const RoundInputs& /*inputs*/) const {
    return std::nullopt;
  }

  /// With a pool_part(): the shares that a round is to have whose part of the pool has these. The
  /// same, bit for bit, unless constraints hold the round to others.
  [[nodiscard]] virtual Mixture round_shares(const Mixture& part_shares) const {
    return part_shares;
  }

  /// State between rounds beyond the history. Nothing for methods that are a function of the
  /// history alone.
  virtual void save(ByteWriter& /*out*/) const {}
  /// @throws Error kBadFormat. On an object made with the same arguments as the one that saved.
  virtual void load(ByteReader& /*in*/) {}
};

/// What every method may draw on. Filled by whoever runs the loop; borrowed nowhere, all values.
struct SelectorInputs {
  SkillSet train_skills;
  SkillSet eval_skills;
  /// Matched by name on both axes. A method that needs one refuses to go without.
  std::optional<SkillGraph> graph;
  /// Samples available per training skill, for `random`; may be empty.
  std::vector<double> natural_sizes;
  /// Weights by training skill, in any scale; empty = all 1.
  std::vector<double> prior;
  /// Evaluation skills that count; empty = all.
  std::vector<std::string> targets;
  Setting setting = Setting::kAuto;
};

/// "skillit:eta=0.5,window=3,floor=0.01" -> a selector. The part before ':' names the method; its
/// options and those of Constraints follow; unknown methods, options and values are refused with
/// the nearest known name. @throws Error kBadArgument,
/// kNotFound, kMismatch.
[[nodiscard]] std::unique_ptr<Selector> make_selector(std::string_view spec,
                                                      const SelectorInputs& inputs);

/// Every method, in the order of the help text.
[[nodiscard]] const std::vector<MethodInfo>& selector_methods();
/// The options that all of them take besides their own.
[[nodiscard]] const std::vector<OptionInfo>& constraint_options();

}  // namespace skillit
