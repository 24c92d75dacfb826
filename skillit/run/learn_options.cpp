#include "skillit/run/learn_options.h"

#include <algorithm>
#include <set>

#include "skillit/base/error.h"
#include "skillit/config/spec.h"
#include "skillit/graph/gradient_learner.h"
#include "skillit/graph/graph_processing.h"
#include "skillit/graph/online_learner.h"

namespace skillit {

LearnerInput learner_input(const std::string& spec) {
  const std::string name = parse_method_spec(spec).method;
  const auto& known = learner_methods();
  const auto found = std::find_if(known.begin(), known.end(), [&name](const LearnerInfo& learner) {
    return learner.method.name == name;
  });
  const LearnerInput input = found == known.end() ? LearnerInput::kProbes : found->input;
  switch (input) {
    case LearnerInput::kProbes:
      (void)make_learner(spec);
      break;  // Refuses unknown names too.
    case LearnerInput::kRuns:
      (void)parse_online_spec(spec);
      break;
    case LearnerInput::kGradients:
      (void)parse_gradient_spec(spec);
      break;
  }
  return input;
}

void LearnOptions::validate(config::Problems& problems) const {
  if (seeds.empty()) problems.add("seeds", "give at least one seed");
  if (std::set(seeds.begin(), seeds.end()).size() != seeds.size())
    problems.add("seeds", "a seed stands twice");
  for (const std::int64_t seed : seeds) {
    if (seed < 0) problems.add("seeds", "must not be negative");
  }
  const auto tell = [&problems](const char* key, const auto& parse) {
    try {
      parse();
    } catch (const Error& error) {
      problems.add(key, error.what());
    }
  };
  tell("process", [this] { (void)parse_graph_processing(process); });
  tell("learner", [this] { (void)learner_input(learner); });
}

}  // namespace skillit
