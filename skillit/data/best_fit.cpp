#include "skillit/data/best_fit.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "skillit/base/error.h"

namespace skillit {

std::vector<std::vector<std::uint32_t>> best_fit_decreasing(std::span<const std::uint64_t> sizes,
                                                            std::uint64_t capacity) {
  std::vector<std::uint32_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return sizes[a] > sizes[b]; });
  std::vector<std::vector<std::uint32_t>> bins;
  std::map<std::uint64_t, std::vector<std::uint32_t>> bins_by_room;
  for (const std::uint32_t item : order) {
    SKILLIT_ASSERT(sizes[item] >= 1 && sizes[item] <= capacity);
    auto bin = static_cast<std::uint32_t>(bins.size());
    std::uint64_t room = capacity;
    if (const auto found = bins_by_room.lower_bound(sizes[item]); found != bins_by_room.end()) {
      bin = found->second.back();
      room = found->first;
      found->second.pop_back();
      if (found->second.empty()) bins_by_room.erase(found);
    } else {
      bins.emplace_back();
    }
    bins[bin].push_back(item);
    room -= sizes[item];
    if (room > 0) bins_by_room[room].push_back(bin);
  }
  for (auto& bin : bins) std::sort(bin.begin(), bin.end());
  return bins;
}

}  // namespace skillit
