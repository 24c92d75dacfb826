#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/select/selector.h"
#include "skillit/select/skillit_selector.h"

namespace skillit {

struct StaticOptions {
  std::vector<double>
      shares;  ///< By training skill, in the order of the run's; empty = from the graph.
  double eta = SkillItOptions{}.eta;
  Diagonal diagonal = SkillItOptions{}.diagonal;

  static constexpr auto fields() {
    return std::tuple{
        SpecField{"shares", &StaticOptions::shares,
                  "1/3/5: weights in the order of the training skills; then the graph is not used"},
        SpecField{"eta", &StaticOptions::eta,
                  "step size: share ~ prior * exp(eta * row sum of the graph)"},
        SpecField{"diagonal", &StaticOptions::diagonal, "keep|one: as for skillit"}};
  }
};

/// One mixture for the whole run (T = 1): the shares given, or the mixture that `skillit` with the
/// same eta and diagonal begins with. @throws Error kBadArgument when neither shares nor a graph
/// are given.
[[nodiscard]] std::unique_ptr<Selector> make_static(const StaticOptions& options,
                                                    const SelectorInputs& inputs);

}  // namespace skillit
