#include "skillit/data/answer_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/strict_json_private.h"

namespace skillit {
namespace {

using detail::Json;

/// What the harness writes between the question and the answer, where its files here lack it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kCues{
    {{"arc_easy", "\nAnswer:"}, {"arc_challenge", "\nAnswer:"}}};
constexpr std::uintmax_t kLargestTask = 1 << 30;

std::string text_of(const Json& line, const char* key, const std::string& where) {
  const auto found = line.find(key);
  if (found == line.end() || !found->is_string())
    fail(ErrorCode::kBadFormat, fmt::format("{}: '{}' must be there and a text", where, key));
  return found->get<std::string>();
}

TaskItem choice_item(const Json& line, std::string_view cue, const std::string& where) {
  TaskItem item{text_of(line, "query", where) + std::string(cue), {}, 0};
  if (line.contains("choices"))
    item.answers = detail::json_strings(line["choices"], where + ": choices");
  const auto gold = line.find("gold");
  const bool fits = gold != line.end() && gold->is_number_unsigned() &&
                    gold->get<std::uint64_t>() < item.answers.size();
  if (item.answers.size() < 2 || !fits) {
    fail(ErrorCode::kBadFormat,
         where +
             ": a list of two choices or more was expected, and in 'gold' the place of the "
             "right one, from 0");
  }
  item.right = gold->get<std::size_t>();
  return item;
}

}  // namespace

AnswerTask parse_answer_task(const std::string& name, std::string_view text,
                             const std::string& where) {
  AnswerTask task;
  task.name = name;
  std::string_view cue;
  for (const auto& [known, its_cue] : kCues) {
    if (known == name) cue = its_cue;
  }
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string place = fmt::format("{}:{}", where, number);
    const Json item = detail::parse_strict_json(line, place);
    if (!item.is_object()) fail(ErrorCode::kBadFormat, place + ": a JSON object was expected");
    const bool is_choice = item.contains("query");
    if (!task.items.empty() && is_choice != task.is_choice)
      fail(ErrorCode::kBadFormat, place + ": is of another kind than the lines before");
    task.is_choice = is_choice;
    if (is_choice) {
      task.items.push_back(choice_item(item, cue, place));
    } else {
      task.items.push_back(
          {text_of(item, "context", place), {text_of(item, "continuation", place)}, 0});
    }
  }
  if (task.items.empty()) fail(ErrorCode::kBadFormat, where + ": has no line with a question");
  return task;
}

AnswerTask read_answer_task(const std::filesystem::path& file) {
  return parse_answer_task(file.stem().string(), read_file(file, kLargestTask), file.string());
}

SampleStore encode_answers(const AnswerTask& task, const Tokenizer& tokenizer,
                           std::int64_t context) {
  SampleStore store;
  for (const TaskItem& item : task.items) {
    const std::size_t kept = item.context.find_last_not_of(" \t\r\n") + 1;
    const std::string before = item.context.substr(0, kept);
    std::size_t shared = tokenizer.encode(before).size();
    for (const std::string& answer : item.answers) {
      std::vector<TokenId> tokens = tokenizer.encode(fmt::format("{} {}", item.context, answer));
      std::size_t first = shared;
      if (first == 0) {
        tokens.insert(tokens.begin(), tokenizer.end_of_document());
        first = 1;
      }
      const auto most = static_cast<std::size_t>(context) + 1;
      if (first >= tokens.size() || tokens.size() - first >= most) {
        fail(ErrorCode::kBadArgument,
             fmt::format("{}: the answer '{}' is {} tokens long; 1 to {} were expected", task.name,
                         answer, tokens.size() - std::min(first, tokens.size()), context));
      }
      const std::size_t cut = tokens.size() > most ? tokens.size() - most : 0;
      tokens.erase(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(cut));
      std::vector<std::uint8_t> scored(tokens.size(), 1);
      std::fill_n(scored.begin(), first - cut, std::uint8_t{0});
      store.add(tokens, scored);
    }
  }
  return store;
}

}  // namespace skillit
