#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// tokenizer.encode() of each text, in their order, by `threads` >= 1 threads at once. The result
/// does not depend on how many there are. @throws Error what encode() throws for the first such
/// text.
[[nodiscard]] std::vector<std::vector<TokenId>> encode_batch(
    const Tokenizer& tokenizer, std::span<const std::string_view> texts, int threads);

}  // namespace skillit
