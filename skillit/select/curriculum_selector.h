#pragma once

#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/select/selector.h"

namespace skillit {

/// How the part of the pool that rounds are drawn from grows over the training.
enum class Pacing { kLinear, kLog };
inline std::vector<std::string_view> spec_names(Pacing) {
  return {"linear", "log"};
}

struct CurriculumOptions {
  std::vector<double> shares;  ///< Of the skills in the pool, in the order of the training skills.
  Pacing pacing = Pacing::kLinear;
  double a = 1;  ///< In (0, 1]: log pacing has the whole pool after this part of the training.
  double b = 0;  ///< In [0, 1): log pacing begins with this part of the pool.

  static constexpr auto fields() {
    using O = CurriculumOptions;
    return std::tuple{
        SpecField{"shares", &O::shares,
                  "1/3/5: the skills in the pool (else the prior, else the natural sizes)"},
        SpecField{"pacing", &O::pacing, "linear|log: how the pool's part in use grows"},
        SpecField{"a", &O::a, "log: the whole pool is in use after this part of the training"},
        SpecField{"b", &O::b, "log: it begins with about this part of the pool"}};
  }
};

/// The part of the pool in use in a round at whose end `progress` (0, 1] of the training is done:
/// linear: progress; log: b + (1 - b) (1 + 0.1 ln(progress / a + e^-10)), at most 1.
[[nodiscard]] double pool_fraction(const CurriculumOptions& options, double progress);

/// Sample by sample, whatever the skill: the samples of a pool (as many as the training has, its
/// skills in the given shares) are ordered by their losses before training, lowest first, and each
/// round draws from the first pool_fraction() of them without replacement (Selector::pool_part()).
/// Costs one evaluation of the whole pool before training.
/// @throws Error kBadArgument on options out of range, or as for `random`; from pool_part() when
/// the sizes of the round and the training are not known.
[[nodiscard]] std::unique_ptr<Selector> make_curriculum(const CurriculumOptions& options,
                                                        const SelectorInputs& inputs);
/// The same, highest loss first.
[[nodiscard]] std::unique_ptr<Selector> make_anti_curriculum(const CurriculumOptions& options,
                                                             const SelectorInputs& inputs);

}  // namespace skillit
