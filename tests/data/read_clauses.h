#pragma once

#include <string_view>
#include <tuple>
#include <vector>

#include "skillit/tokenize/split_words.h"

namespace skillit {

/// "b = not c" as read from a text, without the code that wrote it.
struct Clause {
  char variable;
  bool flipped;
  char value;
  friend auto operator<=>(const Clause&, const Clause&) = default;
};

/// All clauses of a text, in order.
inline std::vector<Clause> read_clauses(std::string_view text) {
  const std::vector<std::string_view> words = split_words(text);
  std::vector<Clause> clauses;
  for (std::size_t i = 1; i + 2 < words.size(); ++i) {
    if (words[i] == " =")
      clauses.push_back({words[i - 1].back(), words[i + 1] == " not", words[i + 2].back()});
  }
  return clauses;
}

/// The clauses before and after "Output:".
inline std::pair<std::vector<Clause>, std::vector<Clause>> read_question_and_answer(
    std::string_view text) {
  const std::size_t cut = text.find(" Output:");
  return {read_clauses(text.substr(0, cut)), read_clauses(text.substr(cut))};
}

}  // namespace skillit
