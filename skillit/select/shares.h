#pragma once

#include <string_view>
#include <vector>

#include "skillit/skill/mixture.h"
#include "skillit/skill/skill_set.h"

namespace skillit {

/// The mixture proportional to one weight per training skill, as written in a spec (1/3/5). @throws
/// Error kBadArgument on another count, naming the skills in the order that was expected, or an
/// impossible weight.
[[nodiscard]] Mixture mixture_of_shares(const std::vector<double>& shares,
                                        const SkillSet& train_skills, std::string_view where);

}  // namespace skillit
