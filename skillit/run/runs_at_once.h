#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "skillit/run/dataset.h"
#include "skillit/run/observer.h"
#include "skillit/run/recipe.h"
#include "skillit/run/runtime.h"

namespace skillit {

/// What trainings side by side need and may take, in bytes.
struct MemoryNeed {
  double program = 0;  ///< Once, however many there are.
  double run = 0;      ///< Of each.
  double free = 0;
};

/// Bytes of a run's samples: those of `data`, every training skill drawn on to `samples` where it
/// has fewer.
[[nodiscard]] double data_bytes(const Dataset& data, std::int64_t samples);

/// One, half of `most` and `most` trainings at once, as far as there are runs for them and memory;
/// one in any case. Rising.
[[nodiscard]] std::vector<int> counts_to_try(int most, std::size_t runs, const MemoryNeed& memory);

/// The count that makes the most steps a second, all trainings together; of counts within 2 % of
/// it, which timing cannot tell apart, the least. `steps_per_second` by place in `counts`.
[[nodiscard]] int best_count(const std::vector<int>& counts,
                             const std::vector<double>& steps_per_second);

/// Sets how many of `runs` trainings of `steps` steps go side by side, and why: what the recipe
/// says, or else the best of counts_to_try(), tried for about two seconds where the work is long
/// enough for it to matter. Never how many threads each has, on which its bits depend. Warns when
/// predicted memory for one is more than is free.
void choose_runs_at_once(const Recipe& recipe, const Dataset& data, std::size_t runs,
                         std::int64_t steps, Runtime& runtime, StudyObserver& observer);

}  // namespace skillit
