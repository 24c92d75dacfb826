#include "skillit/train/answer_scores.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "skillit/base/error.h"
#include "skillit/nn/cross_entropy.h"

namespace skillit {
namespace {

constexpr std::size_t kBatchTokens = 8192;  // With padding.

void score_batch(const Gpt& model, const SampleStore& samples,
                 const std::vector<std::size_t>& indices, std::vector<SampleScore>& out) {
  std::vector<Sample> parts;
  for (const std::size_t i : indices) parts.push_back(samples[i]);
  const Batch batch = make_batch(parts, model.device());
  const Scores scores = score(model.hidden(batch), model.head(), batch.targets);
  const auto losses = scores.losses.cpu();
  const auto correct = scores.correct.cpu();
  std::int64_t position = 0;
  for (std::size_t b = 0; b < parts.size(); ++b) {
    SampleScore& sample = out[indices[b]];
    const auto count = std::count(parts[b].scored.begin(), parts[b].scored.end(), std::uint8_t{1});
    for (std::ptrdiff_t s = 0; s < count; ++s, ++position) {
      sample.log_likelihood -= losses.data_ptr<float>()[position];
      sample.greedy = sample.greedy && correct.data_ptr<bool>()[position];
    }
  }
}

double code_points(const std::string& text) {
  return static_cast<double>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

Share share_of(const std::vector<char>& right) {
  const auto n = static_cast<double>(right.size());
  const double mean = static_cast<double>(std::count(right.begin(), right.end(), char{1})) / n;
  if (right.size() < 2) return {mean, std::numeric_limits<double>::quiet_NaN()};
  return {mean, std::sqrt(mean * (1 - mean) / (n - 1))};
}

}  // namespace

std::vector<SampleScore> score_samples(const Gpt& model, const SampleStore& samples) {
  const torch::NoGradGuard no_gradient;
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return samples[a].tokens.size() < samples[b].tokens.size();
  });
  std::vector<SampleScore> result(samples.size());
  std::vector<std::size_t> indices;
  for (const std::size_t i : order) {
    if (!indices.empty() && (indices.size() + 1) * samples[i].tokens.size() > kBatchTokens) {
      score_batch(model, samples, indices, result);
      indices.clear();
    }
    indices.push_back(i);
  }
  if (!indices.empty()) score_batch(model, samples, indices, result);
  return result;
}

TaskResult judge_answers(const AnswerTask& task, const std::vector<SampleScore>& scores) {
  std::vector<char> right;
  std::vector<char> right_norm;
  double sum = 0;
  std::size_t next = 0;
  for (const TaskItem& item : task.items) {
    std::size_t best = 0;
    std::size_t best_norm = 0;
    const std::size_t first = next;
    const auto norm = [&](std::size_t a) {
      return scores[first + a].log_likelihood / std::max(1.0, code_points(item.answers[a]));
    };
    for (std::size_t a = 1; a < item.answers.size(); ++a) {
      if (scores[first + a].log_likelihood > scores[first + best].log_likelihood) best = a;
      if (norm(a) > norm(best_norm)) best_norm = a;
    }
    next += item.answers.size();
    SKILLIT_ASSERT(next <= scores.size());
    sum += scores[first].log_likelihood;
    right.push_back(task.is_choice ? best == item.right : scores[first].greedy);
    right_norm.push_back(best_norm == item.right);
  }
  TaskResult result{share_of(right), std::nullopt, std::nullopt};
  if (task.is_choice) {
    result.accuracy_norm = share_of(right_norm);
  } else {
    result.perplexity = std::exp(-sum / static_cast<double>(task.items.size()));
  }
  return result;
}

}  // namespace skillit
