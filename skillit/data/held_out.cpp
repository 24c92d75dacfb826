#include "skillit/data/held_out.h"

namespace skillit {

HeldOut::HeldOut(double fraction, std::span<const HashRange> skills)
    : limit_(static_cast<std::uint64_t>(
          fraction * static_cast<double>(std::numeric_limits<std::uint64_t>::max()))) {
  if (fraction == 0) return;
  for (const HashRange& skill : skills) {
    if (skill.smallest <= skill.largest) more_.insert(skill.smallest);
  }
  for (const HashRange& skill : skills) {
    if (skill.smallest <= skill.largest && contains(skill.largest)) kept_.insert(skill.largest);
  }
}

}  // namespace skillit
