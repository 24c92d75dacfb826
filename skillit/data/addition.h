#pragma once

#include <cstdint>

#include "skillit/data/synthetic_pool.h"
#include "skillit/tokenize/word_list_tokenizer.h"

namespace skillit {

/// The addition task: skill d asks for one digit of the sum of two numbers of k digits, d = 0 the
/// ones. The numbers are uniform in 0 .. 10^k - 2 as published; the carry out of the last digit is
/// not a skill.
///   Input: A = 1 0 6 + 0 7 1 , A 0 = ? Output: 7
struct AdditionOptions : PoolOptions {
  int digits = 3;  ///< k, 1 to 9.
};

/// Skills "addition-ones", "addition-tens", .. @throws Error kBadArgument on options outside their
/// range.
[[nodiscard]] SkillData make_addition_data(const AdditionOptions& options, std::uint64_t seed,
                                           const Tokenizer& tokenizer = synthetic_tokenizer());

/// One text that asks for digit `skill`. The options must be valid.
[[nodiscard]] AnsweredText draw_addition_text(const AdditionOptions& options, Rng& rng,
                                              std::size_t skill);

/// The text for two given numbers, each of at most `digits` digits.
[[nodiscard]] AnsweredText addition_text(std::uint64_t a, std::uint64_t b, std::size_t digits,
                                         std::size_t skill);

}  // namespace skillit
