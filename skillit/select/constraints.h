#pragma once

#include <limits>
#include <memory>
#include <string>
#include <tuple>

#include "skillit/config/spec.h"
#include "skillit/select/selector.h"

namespace skillit {

/// What a mixture is held to; options that every method takes.
struct Constraints {
  double explore = 0;                                       ///< In [0, 1].
  double floor = 0;                                         ///< In [0, 1 / number of skills].
  double cap = 1;                                           ///< In [1 / number of skills, 1].
  double max_kl = std::numeric_limits<double>::infinity();  ///< >= 0, nats.

  static constexpr auto fields() {
    using C = Constraints;
    return std::tuple{
        SpecField{"explore", &C::explore, "this part of the data in equal shares (default 0)"},
        SpecField{"floor", &C::floor, "least share of every skill (default 0)"},
        SpecField{"cap", &C::cap, "largest share of any skill (default 1)"},
        SpecField{"max_kl", &C::max_kl,
                  "most that KL(share || prior) may be, in nats; without a prior, equal shares"}};
  }
};

/// Holds the mixtures m of `inner` to the constraints: explore first, (1 - explore) m + explore /
/// k, then project_mixture() to the nearest within floor, cap, max_kl and, for every skill, what it
/// has left of the coming round (RoundInputs::left / size). Where a skill has less left than the
/// floor, it gets what is left, and one without samples gets nothing; when all skills together have
/// less left than the round, the shares are those of what is left. A mixture within the limits
/// keeps its bits. `where` begins messages.
/// @throws Error kBadArgument for constraints that cannot hold together; from next() when they
/// cannot with what is left.
[[nodiscard]] std::unique_ptr<Selector> constrain(std::unique_ptr<Selector> inner,
                                                  const Constraints& constraints,
                                                  const SelectorInputs& inputs,
                                                  const std::string& where);

}  // namespace skillit
