#include "skillit/select/stages.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "skillit/base/error.h"

namespace skillit {

Mixture mixture_of_stages(const std::vector<Stage>& stages, const RoundInputs& inputs,
                          const std::string& where) {
  SKILLIT_ASSERT(!stages.empty());
  if (inputs.size == 0 || inputs.total == 0) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: follows a schedule, so the sizes of each round and of the whole training "
                     "must be known (skillit mix --round-size .. --total-size ..)",
                     where));
  }
  double whole = 0;
  for (const Stage& stage : stages) whole += stage.length;
  const double scale = whole / static_cast<double>(inputs.total);
  const double begin = std::min(static_cast<double>(inputs.begin) * scale, whole);
  const double end = std::min(static_cast<double>(inputs.begin + inputs.size) * scale, whole);
  std::vector<double> shares(stages.front().shares.size(), 0.0);
  double stage_begin = 0;
  for (const Stage& stage : stages) {
    const double stage_end = stage_begin + stage.length;
    const double common = std::min(end, stage_end) - std::max(begin, stage_begin);
    const double sum = std::accumulate(stage.shares.begin(), stage.shares.end(), 0.0);
    // Below that it is the rounding of a round that ends where the stage does.
    constexpr double kRounding = 1e-12;
    for (std::size_t i = 0; common > kRounding * whole && i < shares.size(); ++i)
      shares[i] += common * stage.shares[i] / sum;
    stage_begin = stage_end;
  }
  const bool is_past_the_end =
      std::all_of(shares.begin(), shares.end(), [](double s) { return s == 0; });
  return Mixture::from_weights(is_past_the_end ? stages.back().shares : shares, where);
}

}  // namespace skillit
