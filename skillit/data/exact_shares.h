#pragma once

#include <cstdint>
#include <vector>

#include "skillit/skill/mixture.h"

namespace skillit {

/// Samples or tokens in units of 2^-62, so that shares add up exactly and rounding is the same on
/// every machine.
using Fixed = __int128;
inline constexpr std::uint64_t kFixedOne = std::uint64_t{1} << 62;

/// The mixture in units of 2^-62; the sum is exactly 2^62. What rounding lost or won goes to the
/// largest share.
[[nodiscard]] std::vector<std::uint64_t> exact_shares(const Mixture& mixture);

/// `shares` (each at most 2^62) divided by their sum, which must not be 0, likewise.
[[nodiscard]] std::vector<std::uint64_t> rescaled_shares(const std::vector<std::uint64_t>& shares);

/// Makes the sum of `owed` zero by spreading what is over or missing in proportion to `shares`,
/// whose sum is 2^62.
void settle(std::vector<Fixed>& owed, const std::vector<std::uint64_t>& shares);

/// value / 2^62 in floating point.
[[nodiscard]] double to_double(Fixed value) noexcept;

}  // namespace skillit
