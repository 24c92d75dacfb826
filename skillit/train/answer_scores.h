#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "skillit/data/answer_task.h"
#include "skillit/nn/gpt.h"

namespace skillit {

/// What a model makes of the scored tokens of one sample.
struct SampleScore {
  double log_likelihood = 0;  ///< Sum over them, nats (<= 0), in float64.
  bool greedy = true;         ///< Whether each of them is the likeliest one in its place.
};

/// Of every sample, in the store's order. Batches are made by length; no gradient.
/// @throws Error kBadArgument when a sample is longer than the model's context.
[[nodiscard]] std::vector<SampleScore> score_samples(const Gpt& model, const SampleStore& samples);

/// A share of items and its standard error, sqrt(variance / n) with n - 1 in the variance, as
/// lm-evaluation-harness gives it.
struct Share {
  double mean = 0;
  double error = 0;  ///< NaN for a single item.
};

struct TaskResult {
  Share accuracy;  ///< Choices: the right answer has the largest log-likelihood (the harness's
                   ///< acc). Last word: it is what the model says itself.
  std::optional<Share> accuracy_norm;  ///< Choices: the largest log-likelihood per character of the
                                       ///< answer (acc_norm).
  std::optional<double> perplexity;    ///< Last word: exp of minus the mean log-likelihood.
};

/// `scores` of encode_answers(task), in order; among equals the first wins.
[[nodiscard]] TaskResult judge_answers(const AnswerTask& task,
                                       const std::vector<SampleScore>& scores);

}  // namespace skillit
