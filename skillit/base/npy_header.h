#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace skillit {

/// The beginning of a NumPy .npy file, version 1.0, C order, as NumPy itself writes it; the numbers
/// follow. `type` is NumPy's name of it, such as "<f8".
[[nodiscard]] std::string npy_header(std::string_view type, std::span<const std::uint64_t> shape);

}  // namespace skillit
