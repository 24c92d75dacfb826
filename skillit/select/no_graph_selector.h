#pragma once

#include <memory>

#include "skillit/select/selector.h"
#include "skillit/select/skillit_selector.h"

namespace skillit {

/// The paper's ablation: `skillit` with the identity as its graph (matched by name), whatever graph
/// the inputs hold.
/// @throws Error kBadArgument when no training skill is among the evaluation skills: then nothing
/// would be learned.
[[nodiscard]] std::unique_ptr<Selector> make_no_graph(const SkillItOptions& options,
                                                      const SelectorInputs& inputs);

}  // namespace skillit
