#include "skillit/data/pointer_chasing.h"

#include <fmt/core.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/data/clause_text.h"

namespace skillit {

AnsweredText draw_pointer_chasing_text(const PointerChasingOptions& options, Rng& rng) {
  struct Query {
    char variable;
    char root;
  };
  const auto num_clauses = static_cast<std::size_t>(options.clauses);
  const std::string letters = shuffled_letters(rng);
  const std::string roots = letters.substr(num_clauses) + "01";
  std::vector<std::string> clauses;
  std::vector<Query> queries;
  while (queries.size() < num_clauses) {
    const std::size_t longest =
        std::min(num_clauses - queries.size(), static_cast<std::size_t>(options.max_depth));
    const std::size_t length = 1 + rng.below(longest);
    const char root = roots[rng.below(roots.size())];
    for (std::size_t i = 0; i < length; ++i) {
      const char variable = letters[queries.size()];
      clauses.push_back(i == 0 ? root_clause(variable, root)
                               : clause(variable, "val", queries.back().variable));
      queries.push_back({variable, root});
    }
  }
  rng.shuffle(std::span(clauses));
  rng.shuffle(std::span(queries));
  AnsweredText text;
  text.add(question(clauses));
  for (std::size_t i = 0; i < queries.size(); ++i) {
    text.add(fmt::format("{} {} = val ", i > 0 ? " ," : "", queries[i].variable));
    text.add_answer({&queries[i].root, 1});
  }
  return text;
}

SkillData make_pointer_chasing_data(const PointerChasingOptions& options, std::uint64_t seed,
                                    const Tokenizer& tokenizer) {
  if (options.clauses < 1 || options.clauses > 25) {
    fail(ErrorCode::kBadArgument, fmt::format("pointer chasing: {} clauses; 1 to 25 are possible "
                                              "(one letter each, one left for roots)",
                                              options.clauses));
  }
  if (options.max_depth < 1) {
    fail(ErrorCode::kBadArgument,
         fmt::format("pointer chasing: max_depth is {}; at least 1 is needed", options.max_depth));
  }
  return draw_pools("pointer chasing", SkillSet({"pointer-chasing"}), options, seed, tokenizer,
                    [&](Rng& rng, std::size_t) { return draw_pointer_chasing_text(options, rng); });
}

}  // namespace skillit
