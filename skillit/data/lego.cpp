#include "skillit/data/lego.h"

#include <fmt/core.h>

#include <optional>

#include "skillit/base/error.h"
#include "skillit/data/clause_text.h"

namespace skillit {
namespace {

std::optional<std::size_t> parent_of(std::size_t variable, const LegoOptions& options) {
  const std::size_t first_half = (static_cast<std::size_t>(options.skills) + 1) / 2;
  const bool second_root = options.shape == LegoShape::kTwoChains && variable == first_half;
  if (variable == 0 || second_root) return std::nullopt;
  return options.shape == LegoShape::kTree ? (variable - 1) / 2 : variable - 1;
}

}  // namespace

AnsweredText draw_lego_text(const LegoOptions& options, Rng& rng, std::size_t skill) {
  const auto num_variables = static_cast<std::size_t>(options.skills);
  const std::string names = shuffled_letters(rng);
  std::string values(num_variables, '0');
  for (char& value : values) value = rng.below(2) == 1 ? '1' : '0';
  std::vector<std::string> clauses;
  for (std::size_t i = 0; i < num_variables; ++i) {
    const auto parent = parent_of(i, options);
    clauses.push_back(
        parent ? clause(names[i], values[i] == values[*parent] ? "val" : "not", names[*parent])
               : root_clause(names[i], values[i]));
  }
  rng.shuffle(std::span(clauses));
  AnsweredText text;
  text.add(question(clauses));
  text.add(fmt::format(" {} = val ", names[skill]));
  text.add_answer({&values[skill], 1});
  text.add(", ");
  return text;
}

SkillData make_lego_data(const LegoOptions& options, std::uint64_t seed,
                         const Tokenizer& tokenizer) {
  const int least = options.shape == LegoShape::kTwoChains ? 2 : 1;
  if (options.skills < least || options.skills > 26) {
    fail(ErrorCode::kBadArgument,
         fmt::format("lego: {} skills; {} to 26 are possible (one letter each{})", options.skills,
                     least, least == 2 ? ", two chains" : ""));
  }
  std::vector<std::string> names;
  for (int i = 1; i <= options.skills; ++i) names.push_back(fmt::format("lego-{}", i));
  return draw_pools(
      "lego", SkillSet(names), options, seed, tokenizer,
      [&](Rng& rng, std::size_t skill) { return draw_lego_text(options, rng, skill); });
}

}  // namespace skillit
