#include "skillit/data/recall.h"

#include <fmt/core.h>

#include "skillit/base/error.h"
#include "skillit/data/clause_text.h"

namespace skillit {

AnsweredText draw_recall_text(const RecallOptions& options, Rng& rng) {
  constexpr std::string_view kValues = "abcdefghijklmnopqrstuvwxyz01";
  struct Fact {
    char key;
    std::string_view relation;
    char value;
  };
  const std::string keys = shuffled_letters(rng);
  std::vector<Fact> facts;
  AnsweredText text;
  for (int i = 0; i < options.facts; ++i) {
    const std::string_view relation = rng.below(2) == 1 ? "val" : "not";
    facts.push_back(
        {keys[static_cast<std::size_t>(i)], relation, kValues[rng.below(kValues.size())]});
    text.add(fmt::format(" {} {} {}", facts.back().key, relation, facts.back().value));
  }
  rng.shuffle(std::span(facts));
  for (const Fact& fact : facts) {
    text.add(fmt::format(" {} ", fact.key));
    text.add_answer(fact.relation);
    text.add(" ");
    text.add_answer({&fact.value, 1});
  }
  return text;
}

SkillData make_recall_data(const RecallOptions& options, std::uint64_t seed,
                           const Tokenizer& tokenizer) {
  if (options.facts < 1 || options.facts > 26) {
    fail(ErrorCode::kBadArgument,
         fmt::format("recall: {} facts; 1 to 26 are possible (one letter each)", options.facts));
  }
  return draw_pools("recall", SkillSet({"recall"}), options, seed, tokenizer,
                    [&](Rng& rng, std::size_t) { return draw_recall_text(options, rng); });
}

}  // namespace skillit
