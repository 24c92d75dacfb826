#include "skillit/graph/one_hot_probes.h"

#include <fmt/core.h>

#include "skillit/base/error.h"

namespace skillit {

std::uint64_t checked_step(int at_step, std::string_view learner) {
  if (at_step < 0) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: at_step is {}; a step from 1 was expected, or 0 for the last evaluation",
                     learner, at_step));
  }
  return static_cast<std::uint64_t>(at_step);
}

std::vector<ProbeSpec> one_hot_probes(const SkillSet& train_skills, std::uint64_t seed) {
  std::vector<ProbeSpec> probes;
  probes.reserve(train_skills.size());
  for (const std::string& name : train_skills.names())
    probes.push_back(make_equal_probe({name}, seed));
  return probes;
}

}  // namespace skillit
