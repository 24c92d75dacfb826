#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/select/selector.h"

namespace skillit {

struct RandomOptions {
  std::vector<double> shares;  ///< By training skill, in the order of the run's training skills.

  static constexpr auto fields() {
    return std::tuple{
        SpecField{"shares", &RandomOptions::shares,
                  "1/3/5: weights in the order of the training skills (else the prior, else "
                  "the natural sizes)"}};
  }
};

/// What drawing samples without regard to skills gives: shares proportional to `shares`, else to
/// the prior, else to the natural sizes. @throws Error kBadArgument when there is none of the
/// three, or another number of shares.
[[nodiscard]] std::unique_ptr<Selector> make_random(const RandomOptions& options,
                                                    const SelectorInputs& inputs);

}  // namespace skillit
