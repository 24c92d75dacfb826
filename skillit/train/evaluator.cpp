#include "skillit/train/evaluator.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/nn/cross_entropy.h"

namespace skillit {
namespace {

constexpr std::size_t kMostTokens = 1 << 14;  // In a batch, so that long windows fit in memory.

}  // namespace

Evaluator::Evaluator(const std::vector<SampleStore>& validation, const SkillSet& skills,
                     std::int64_t batch_size, torch::Device device)
    : num_skills_(skills.size()) {
  struct Entry {
    std::size_t skill;
    Sample sample;
  };
  std::vector<Entry> entries;
  for (std::size_t skill = 0; skill < num_skills_; ++skill) {
    if (validation[skill].size() == 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("evaluation: the skill '{}' has no validation sample", skills[skill]));
    }
    for (std::size_t i = 0; i < validation[skill].size(); ++i)
      entries.push_back({skill, validation[skill][i]});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.sample.tokens.size() < b.sample.tokens.size();
  });
  for (std::size_t begin = 0; begin < entries.size();) {
    Part part;
    std::vector<Sample> samples;
    const std::size_t length = entries[begin].sample.tokens.size();
    const auto most = std::min(static_cast<std::size_t>(batch_size),
                               std::max<std::size_t>(1, kMostTokens / length));
    for (; begin < entries.size() && samples.size() < most &&
           entries[begin].sample.tokens.size() == length;
         ++begin) {
      const Sample& sample = entries[begin].sample;
      const auto scored = std::count(sample.scored.begin(), sample.scored.end(), std::uint8_t{1});
      part.sample_of_position.insert(part.sample_of_position.end(),
                                     static_cast<std::size_t>(scored), samples.size());
      part.skill_of_sample.push_back(entries[begin].skill);
      samples.push_back(sample);
    }
    part.batch = make_batch(samples, device);
    parts_.push_back(std::move(part));
  }
}

Evaluation Evaluator::measure(const Gpt& model) const {
  const torch::NoGradGuard no_gradient;
  std::vector<double> loss_sum(num_skills_, 0), positions(num_skills_, 0), right(num_skills_, 0),
      samples(num_skills_, 0);
  for (const Part& part : parts_) {
    const Scores scores = score(model.hidden(part.batch), model.head(), part.batch.targets);
    const auto losses = scores.losses.cpu();
    const auto correct = scores.correct.cpu();
    std::vector<char> all_right(part.skill_of_sample.size(), 1);
    for (std::size_t s = 0; s < part.sample_of_position.size(); ++s) {
      const std::size_t sample = part.sample_of_position[s];
      const std::size_t skill = part.skill_of_sample[sample];
      loss_sum[skill] += losses.data_ptr<float>()[s];
      positions[skill] += 1;
      if (!correct.data_ptr<bool>()[s]) all_right[sample] = 0;
    }
    for (std::size_t sample = 0; sample < all_right.size(); ++sample) {
      right[part.skill_of_sample[sample]] += all_right[sample];
      samples[part.skill_of_sample[sample]] += 1;
    }
  }
  Evaluation result;
  for (std::size_t skill = 0; skill < num_skills_; ++skill) {
    result.losses.values.push_back(loss_sum[skill] / positions[skill]);
    result.accuracies.push_back(right[skill] / samples[skill]);
  }
  return result;
}

}  // namespace skillit
