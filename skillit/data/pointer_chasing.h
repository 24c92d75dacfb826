#pragma once

#include <cstdint>

#include "skillit/data/synthetic_pool.h"
#include "skillit/tokenize/word_list_tokenizer.h"

namespace skillit {

/// Pointer chasing, a second base task: clauses in LEGO's form, without "not", that make chains;
/// each ends in a root, a letter that has no clause, 0 or 1. In the end every variable is asked
/// for, in random order; the answer is its root.
///   Input:  b = val c , c = val r. Output: b = val r , c = val r
/// Chains have 1 to max_depth clauses, each length as likely, as long as clauses are left.
struct PointerChasingOptions : PoolOptions {
  int clauses = 5;    ///< 1 to 25, so that a letter is left for roots.
  int max_depth = 2;  ///< Longest chain; >= 1.
};

/// One skill, "pointer-chasing". @throws Error kBadArgument on options outside their range.
[[nodiscard]] SkillData make_pointer_chasing_data(
    const PointerChasingOptions& options, std::uint64_t seed,
    const Tokenizer& tokenizer = synthetic_tokenizer());

/// One text. The options must be valid.
[[nodiscard]] AnsweredText draw_pointer_chasing_text(const PointerChasingOptions& options,
                                                     Rng& rng);

}  // namespace skillit
