#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace skillit {

/// Bin packing, best-fit decreasing: the largest item first, each into the bin that it leaves the
/// least room in (of equal ones the latest), or a new bin. `sizes` are 1 to `capacity`, fewer than
/// 2^32. Returns the bins in the order in which they were begun, with their items in rising order.
/// Deterministic; O(n log n + n log capacity).
[[nodiscard]] std::vector<std::vector<std::uint32_t>> best_fit_decreasing(
    std::span<const std::uint64_t> sizes, std::uint64_t capacity);

}  // namespace skillit
