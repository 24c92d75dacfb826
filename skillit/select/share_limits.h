#pragma once

#include <limits>
#include <string>
#include <vector>

#include "skillit/skill/mixture.h"

namespace skillit {

/// What a mixture must satisfy, by skill id.
struct ShareLimits {
  std::vector<double> low;   ///< In [0, 1].
  std::vector<double> high;  ///< In [0, 1], >= low.
  /// At most this relative entropy sum_i q_i log(q_i / prior_i), in nats; infinite = no limit.
  double max_kl = std::numeric_limits<double>::infinity();
  Mixture prior = {};  ///< Read with a finite max_kl only.
};

/// The mixture q within the limits that minimises KL(q || wanted), the same bits as `wanted` when
/// that is within them. A wanted share of 0 counts as the limit of ever smaller equal ones: such
/// skills get their lower limit, and, in equal parts, what no other skill may take.
///
/// Exact: at the minimum, q_i = clip(c * wanted_i^(1 - t) * prior_i^t, low_i, high_i); c comes from
/// the sorted points where a share meets a limit, and t in [0, 1], 0 unless max_kl binds, from
/// bisection, since KL(q || prior) falls as t grows.
/// @throws Error kBadArgument when no mixture is within the limits, saying which are at odds;
/// `where` begins the message.
[[nodiscard]] Mixture project_mixture(const Mixture& wanted, const ShareLimits& limits,
                                      const std::string& where = "limits on shares");

/// sum_i q_i log(q_i / p_i), nats; infinite where q has a share and p has none.
[[nodiscard]] double relative_entropy(const Mixture& q, const Mixture& p);

}  // namespace skillit
