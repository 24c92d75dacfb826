#include "skillit/select/shares.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "skillit/base/error.h"

namespace skillit {

Mixture mixture_of_shares(const std::vector<double>& shares, const SkillSet& train_skills,
                          std::string_view where) {
  if (shares.size() != train_skills.size()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: {} given, {} expected, in the order {}", where, shares.size(),
                     train_skills.size(), fmt::join(train_skills.names(), ", ")));
  }
  return Mixture::from_weights(shares, where);
}

}  // namespace skillit
