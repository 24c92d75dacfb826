#pragma once

#include <cstddef>
#include <span>

#include "skillit/data/sample_store.h"

namespace skillit {

/// Cuts tokens every `context` (>= 2); what is left at the end is a shorter sample if it has at
/// least 2 tokens. Of more than `most` samples, keeps that many, evenly spread. Every token but a
/// sample's first is scored.
[[nodiscard]] SampleStore cut_windows(std::span<const TokenId> tokens, std::size_t context,
                                      std::size_t most);

}  // namespace skillit
