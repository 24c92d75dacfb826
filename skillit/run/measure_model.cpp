#include "skillit/run/measure_model.h"

#include <fmt/format.h>

#include "skillit/base/error.h"
#include "skillit/run/graph_source.h"

namespace skillit {
namespace {

void expect_vocabulary(const std::string& where, const Tokenizer& tokenizer,
                       const Architecture& architecture) {
  const auto tokens = static_cast<std::int64_t>(tokenizer.vocabulary_size());
  if (tokens <= architecture.vocabulary) return;
  fail(ErrorCode::kMismatch, fmt::format("{}: the model knows {} tokens, the tokenizer {}", where,
                                         architecture.vocabulary, tokens));
}

}  // namespace

Recipe recipe_for_model(const StoredModel& model, const std::string& name_or_path,
                        const std::vector<std::string>& overrides) {
  std::string tokenizer = model.tokenizer_file().string();
  if (tokenizer.empty() && model.recipe && model.recipe->data.is_read())
    tokenizer = model.recipe->data.tokenizer;
  return load_recipe(name_or_path, overrides, tokenizer.empty() ? "byte" : tokenizer);
}

Dataset data_for_model(const StoredModel& model, const Recipe& recipe) {
  const std::string where = model.path.string();
  Dataset data = make_dataset(recipe.data, 1, static_cast<std::uint64_t>(recipe.seeds.front()),
                              skill_choice(recipe));
  expect_vocabulary(where, *data.tokenizer, model.architecture);
  const bool known = model.recipe || !model.tokenizer_file().empty();
  if (known && model.tokenizer()->fingerprint() != data.tokenizer->fingerprint()) {
    fail(
        ErrorCode::kMismatch,
        fmt::format("{}: learned from other tokens than those of the recipe's data ({}); give data "
                    "made with the model's tokenizer",
                    where, recipe.data.source));
  }
  if (recipe.data.is_read() && recipe.data.window > model.architecture.context) {
    fail(ErrorCode::kMismatch, fmt::format("{}: the context is {} tokens, data.window is {}", where,
                                           model.architecture.context, recipe.data.window));
  }
  return data;
}

TaskResult measure_task(const Gpt& model, const Tokenizer& tokenizer, const AnswerTask& task) {
  expect_vocabulary(task.name, tokenizer, model.architecture());
  const SampleStore answers = encode_answers(task, tokenizer, model.architecture().context);
  return judge_answers(task, score_samples(model, answers));
}

}  // namespace skillit
