#pragma once

#include <array>
#include <string_view>

namespace skillit {

/// What StreamUnit and WhenSpent are called in files and options, in their order.
inline constexpr std::array<std::string_view, 2> kStreamUnits{"samples", "tokens"};
inline constexpr std::array<std::string_view, 3> kWhenSpentNames{"repeat", "drop", "stop"};

}  // namespace skillit
