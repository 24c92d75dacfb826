#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "skillit/base/rng.h"

namespace skillit {

/// " b = val c , " or " b = not c , ". `value` is a letter or a digit.
[[nodiscard]] std::string clause(char variable, std::string_view relation, char value);

/// A clause that needs no other to be understood: "c = val 1 , ", without the space in front.
[[nodiscard]] std::string root_clause(char variable, char value);

/// The clauses in the order given as a question's text: "Input: <clauses>. Output:".
[[nodiscard]] std::string question(const std::vector<std::string>& clauses);

/// The letters a..z in random order.
[[nodiscard]] std::string shuffled_letters(Rng& rng);

}  // namespace skillit
