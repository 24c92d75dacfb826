#pragma once

#include <cstdint>

#include "skillit/data/synthetic_pool.h"
#include "skillit/tokenize/word_list_tokenizer.h"

namespace skillit {

/// What the variables of a LEGO text depend on. Variable 0 is a root: its value is given.
enum class LegoShape {
  kChain,      ///< Variable i depends on i-1.
  kTree,       ///< A full binary tree: variable i depends on (i-1)/2.
  kTwoChains,  ///< Two chains that share nothing: the first half of the variables (the larger one)
               ///< and the second.
};

/// The LEGO task: k variables with values 0 or 1, each clause giving one variable by another ("val"
/// = equal, "not" = opposite), in random order. Skill i asks for the value of variable i, and is
/// learned from the skills before it.
///   Input:  b = val c ,  a = not b , c = val 1. Output: a = val 0,
/// (The double spaces and the end ", " are the published form; each clause but a root's brings its
/// own space.)
struct LegoOptions : PoolOptions {
  int skills = 5;  ///< k, 1 to 26 (two chains: at least 2).
  LegoShape shape = LegoShape::kChain;
};

/// Skills "lego-1" .. "lego-k". @throws Error kBadArgument on options outside their range.
[[nodiscard]] SkillData make_lego_data(const LegoOptions& options, std::uint64_t seed,
                                       const Tokenizer& tokenizer = synthetic_tokenizer());

/// One text that asks for variable `skill` (from 0). The options must be valid.
[[nodiscard]] AnsweredText draw_lego_text(const LegoOptions& options, Rng& rng, std::size_t skill);

}  // namespace skillit
