#pragma once

#include <memory>
#include <tuple>

#include "skillit/select/selector.h"

namespace skillit {

/// Skill-stratified sampling takes no options.
struct StratifiedOptions {
  static constexpr auto fields() { return std::tuple{}; }
};

/// Every training skill gets the same share, 1/k. Inputs as checked by make_selector().
[[nodiscard]] std::unique_ptr<Selector> make_stratified(const StratifiedOptions& options,
                                                        const SelectorInputs& inputs);

}  // namespace skillit
