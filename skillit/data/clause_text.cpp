#include "skillit/data/clause_text.h"

#include <fmt/core.h>

namespace skillit {

std::string clause(char variable, std::string_view relation, char value) {
  return fmt::format(" {} = {} {} , ", variable, relation, value);
}

std::string root_clause(char variable, char value) {
  return fmt::format("{} = val {} , ", variable, value);
}

std::string question(const std::vector<std::string>& clauses) {
  constexpr std::string_view kSeparator = " , ";
  std::string text = "Input: ";
  for (const std::string& part : clauses) text += part;
  text.resize(text.size() - kSeparator.size());
  return text + ". Output:";
}

std::string shuffled_letters(Rng& rng) {
  std::string letters = "abcdefghijklmnopqrstuvwxyz";
  rng.shuffle(std::span(letters));
  return letters;
}

}  // namespace skillit
