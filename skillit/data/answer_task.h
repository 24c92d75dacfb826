#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "skillit/data/sample_store.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// One question of a benchmark: what a model reads, and the answers whose likelihoods are asked.
struct TaskItem {
  std::string context;
  std::vector<std::string> answers;
  std::size_t right = 0;  ///< Index of the right answer.
};

/// A benchmark as lm-evaluation-harness poses it: of several answers the likeliest counts, or the
/// one answer must be what the model would say itself (last-word tasks such as LAMBADA).
struct AnswerTask {
  std::string name;
  bool is_choice = true;  ///< Else every item has one answer.
  std::vector<TaskItem> items;
};

/// From JSON lines, {"query", "choices", "gold"} or {"context", "continuation"}, all of one kind;
/// other fields do not count. The file's name is the task's, and a task whose prompt ends with
/// words of its own in the harness gets them here (arc_easy, arc_challenge: "\nAnswer:").
/// @throws Error kIo, kBadFormat (names file and line).
[[nodiscard]] AnswerTask read_answer_task(const std::filesystem::path& file);
[[nodiscard]] AnswerTask parse_answer_task(const std::string& name, std::string_view text,
                                           const std::string& where);

/// A sample for each answer of each item, in order, whose answer is scored. As in the harness: a
/// space stands between context and answer, spaces at the end of the context go to the answer, the
/// answer's tokens are those of both together beyond as many as the context alone has, and what is
/// too long for `context` tokens loses its beginning. An empty context is the end of a document.
/// @throws Error kBadArgument when an answer has no token of its own or does not fit.
[[nodiscard]] SampleStore encode_answers(const AnswerTask& task, const Tokenizer& tokenizer,
                                         std::int64_t context);

}  // namespace skillit
