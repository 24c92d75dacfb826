#pragma once

#include <cstdint>

#include "skillit/data/synthetic_pool.h"
#include "skillit/tokenize/word_list_tokenizer.h"

namespace skillit {

/// Associative recall with many queries, a first base task: facts of three tokens (key, relation,
/// value), then the same facts in another order. What is asked of each key is what was said of it,
/// so the relation and the value are the answer.
///   " b val c d not 1" + " d not 1 b val c"
/// Keys are different letters; values are any letter, 0 or 1.
struct RecallOptions : PoolOptions {
  int facts = 5;  ///< 1 to 26.
};

/// One skill, "recall". @throws Error kBadArgument on options outside their range.
[[nodiscard]] SkillData make_recall_data(const RecallOptions& options, std::uint64_t seed,
                                         const Tokenizer& tokenizer = synthetic_tokenizer());

/// One text. The options must be valid.
[[nodiscard]] AnsweredText draw_recall_text(const RecallOptions& options, Rng& rng);

}  // namespace skillit
