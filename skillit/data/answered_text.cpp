#include "skillit/data/answered_text.h"

#include <algorithm>
#include <span>
#include <utility>

namespace skillit {

void AnsweredText::add_answer(std::string_view part) {
  answers_.emplace_back(text_.size(), text_.size() + part.size());
  text_ += part;
}

MarkedTokens mark_answers(const AnsweredText& text, const Tokenizer& tokenizer,
                          ScoredTokens scored) {
  std::vector<TokenId> tokens = tokenizer.encode(text.text());
  std::vector<std::uint8_t> marks(tokens.size(), 1);
  if (scored == ScoredTokens::kAnswer) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const std::size_t end = begin + tokenizer.decode(std::span(tokens).subspan(i, 1)).size();
      marks[i] = std::any_of(text.answers().begin(), text.answers().end(), [&](const auto& answer) {
        return answer.first < end && begin < answer.second;
      });
      begin = end;
    }
  }
  if (!marks.empty()) marks[0] = 0;
  return {std::move(tokens), std::move(marks)};
}

void add_answered_text(const AnsweredText& text, const Tokenizer& tokenizer, ScoredTokens scored,
                       SampleStore& store) {
  const MarkedTokens marked = mark_answers(text, tokenizer, scored);
  store.add(marked.tokens, marked.scored);
}

}  // namespace skillit
