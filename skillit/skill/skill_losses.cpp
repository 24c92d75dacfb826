#include "skillit/skill/skill_losses.h"

#include <fmt/core.h>

#include <limits>

#include "skillit/base/error.h"

namespace skillit {

double SkillLosses::mean() const {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t id = 0; id < size(); ++id) {
    if (!measured(id)) continue;
    sum += values[id];
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::size_t> last_evaluation_of_each_round(const LossHistory& history) {
  const std::size_t count = history.evaluations.size();
  std::vector<std::size_t> ends;
  std::size_t start = 0;
  for (std::size_t r = 0; r < history.round_starts.size(); ++r) {
    const std::size_t next = history.round_starts[r];
    if (next < start || next > count || (r == 0 && next != 0)) {
      fail(ErrorCode::kBadArgument, fmt::format("loss history: round {} starts at evaluation {} of "
                                                "{}; rounds must start at 0 and never go back",
                                                r, next, count));
    }
    if (next > start) ends.push_back(next - 1);
    start = next;
  }
  if (count > start) ends.push_back(count - 1);
  return ends;
}

}  // namespace skillit
