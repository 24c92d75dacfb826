#pragma once

#include <memory>
#include <tuple>

#include "skillit/select/selector.h"

namespace skillit {

/// Training on the targets alone takes no options.
struct TargetOnlyOptions {
  static constexpr auto fields() { return std::tuple{}; }
};

/// Equal shares of the training skills that count: the targets, or all evaluation skills where none
/// are named. What fine-tuning is without prerequisites. @throws Error kBadArgument when none of
/// them is a training skill (out of domain), naming the targets.
[[nodiscard]] std::unique_ptr<Selector> make_target_only(const TargetOnlyOptions& options,
                                                         const SelectorInputs& inputs);

}  // namespace skillit
