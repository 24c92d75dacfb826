#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "skillit/base/rng.h"
#include "skillit/data/answered_text.h"
#include "skillit/data/sample_store.h"

namespace skillit {

/// How many samples a synthetic task makes, and what of them is scored.
struct PoolOptions {
  int train_samples = 50000;           ///< Per skill; >= 1.
  int validation_samples = 100;        ///< Per skill; >= 1.
  std::uint64_t validation_seed = 42;  ///< Alone decides the validation samples.
  ScoredTokens loss = ScoredTokens::kAnswer;
};

/// Draws one text of a skill; every random choice from the generator given.
using DrawText = std::function<AnsweredText(Rng& rng, std::size_t skill)>;

/// Fills the pools of a synthetic task by drawing texts.
///
/// No text is twice in a pool, and none that is in any skill's validation pool is in any training
/// pool. The validation pools depend on validation_seed, the training pools also on `seed`; asking
/// for more samples of the same only appends, and no skill's draws depend on another's. `task`
/// names the task in the random sequences.
///
/// A task may have fewer texts than were asked for (LEGO's first skill alone has 52 when k = 1).
/// Then the pools hold all there are, so look at size(): validation a fifth, training the rest.
/// @throws Error kBadArgument on options outside their range.
[[nodiscard]] SkillData draw_pools(std::string_view task, SkillSet skills,
                                   const PoolOptions& options, std::uint64_t seed,
                                   const Tokenizer& tokenizer, const DrawText& draw);

}  // namespace skillit
