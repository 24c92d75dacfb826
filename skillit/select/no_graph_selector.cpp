#include "skillit/select/no_graph_selector.h"

#include <algorithm>

#include "skillit/base/error.h"

namespace skillit {

std::unique_ptr<Selector> make_no_graph(const SkillItOptions& options,
                                        const SelectorInputs& inputs) {
  const auto& names = inputs.train_skills.names();
  if (std::none_of(names.begin(), names.end(), [&](const std::string& name) {
        return inputs.eval_skills.find(name).has_value();
      })) {
    fail(ErrorCode::kBadArgument,
         "no-graph: no training skill is also an evaluation skill, so no loss says which to "
         "prefer; use skillit with a graph, or stratified");
  }
  SelectorInputs with_identity = inputs;
  with_identity.graph = SkillGraph::identity(inputs.train_skills, inputs.eval_skills);
  return make_skillit(options, with_identity);
}

}  // namespace skillit
