#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/select/selector.h"

namespace skillit {

struct ManualOptions {
  std::vector<std::vector<double>> shares;  ///< By segment, then training skill in the run's order.
  std::vector<double> lengths;              ///< By segment, in any unit; empty = equal.

  static constexpr auto fields() {
    using O = ManualOptions;
    return std::tuple{
        SpecField{"shares", &O::shares,
                  "1/0/0|0/1/1: weights in the order of the training skills, one list a segment"},
        SpecField{"lengths", &O::lengths, "2/1: how long each segment is (default: all equal)"}};
  }
};

/// A schedule by hand: the training goes through the segments one after the other; a round that
/// lies in several gets their mean (mixture_of_stages()). Costs nothing.
/// @throws Error kBadArgument without segments, on other numbers of weights or lengths, or none
/// above 0.
[[nodiscard]] std::unique_ptr<Selector> make_manual(const ManualOptions& options,
                                                    const SelectorInputs& inputs);

}  // namespace skillit
