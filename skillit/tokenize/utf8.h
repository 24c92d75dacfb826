#pragma once

#include <cstddef>
#include <string_view>

namespace skillit {

/// Bytes of the code point that begins text[at], 1 to 4; 0 when no valid UTF-8 sequence begins
/// there (also for overlong forms, surrogates, and code points past U+10FFFF). at < text.size().
[[nodiscard]] std::size_t code_point_size(std::string_view text, std::size_t at);

}  // namespace skillit
