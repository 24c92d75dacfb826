#pragma once

#include <string>
#include <vector>

#include "skillit/run/dataset.h"
#include "skillit/run/stored_model.h"
#include "skillit/train/answer_scores.h"

namespace skillit {

/// A recipe as load_recipe() gives it, whose data.tokenizer=auto is the model's own.
[[nodiscard]] Recipe recipe_for_model(const StoredModel& model, const std::string& name_or_path,
                                      const std::vector<std::string>& overrides);

/// What the recipe's runs are measured on. @throws Error kMismatch when the model cannot read it:
/// made with another tokenizer, more tokens than the model has, windows longer than its context.
[[nodiscard]] Dataset data_for_model(const StoredModel& model, const Recipe& recipe);

/// @throws Error kBadArgument when a question does not fit the model, kMismatch as above.
[[nodiscard]] TaskResult measure_task(const Gpt& model, const Tokenizer& tokenizer,
                                      const AnswerTask& task);

}  // namespace skillit
