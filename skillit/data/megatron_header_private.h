#pragma once

#include <cstdint>
#include <string_view>

// For the reader and the writer of the format only; not installed.
namespace skillit::megatron {

inline constexpr std::string_view kMagic{"MMIDIDX\0\0", 9};
/// Magic, version (8), token type (1), sequences (8), document bounds (8). Nothing is aligned.
inline constexpr std::uint64_t kHeaderBytes = 34;

}  // namespace skillit::megatron
