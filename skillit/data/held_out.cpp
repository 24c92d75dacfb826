#include "skillit/data/held_out.h"

#include <limits>

namespace skillit {

HeldOut::HeldOut(double fraction)
    : limit_(static_cast<std::uint64_t>(
          fraction * static_cast<double>(std::numeric_limits<std::uint64_t>::max()))) {}

}  // namespace skillit
