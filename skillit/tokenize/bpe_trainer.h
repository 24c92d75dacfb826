#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace skillit {

struct BpeTrainerOptions {
  std::int64_t vocabulary_size = 1024;  ///< At most; >= 257: all bytes and the end of a document.
  std::int64_t min_count = 2;           ///< A pair that is seen less often is not merged; >= 1.
};

/// Learns a byte-level byte-pair encoding over GPT-2's words: the pair of neighbours that is seen
/// most often becomes a token, over and over (Sennrich et al. 2016); of equals that of the smaller
/// ids. Id 0 is <|endoftext|>, then come the bytes, then the tokens in the order they were learned.
/// Texts need not be UTF-8 (see replace_invalid_utf8).
///
/// Gives the text of a tokenizer.json for BpeTokenizer and for the Python package `tokenizers`. It
/// depends on the texts alone, not on their order. Meant for vocabularies up to some ten thousand.
/// @throws Error kBadArgument on options outside their range.
[[nodiscard]] std::string train_bpe(std::span<const std::string_view> texts,
                                    const BpeTrainerOptions& options);

}  // namespace skillit
