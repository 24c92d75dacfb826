#include "skillit/train/evaluator.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/nn/cross_entropy.h"

namespace skillit {
Evaluator::Evaluator(const std::vector<SampleStore>& validation, const SkillSet& skills,
                     const BatchLimit& limit, torch::Device device)
    : num_skills_(skills.size()) {
  std::vector<Sample> samples;
  std::vector<std::size_t> skill_of;
  for (std::size_t skill = 0; skill < num_skills_; ++skill) {
    const SampleStore& store = validation[skill];
    if (store.size() == 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("evaluation: the skill '{}' has no validation sample", skills[skill]));
    }
    for (std::size_t i = 0; i < store.size(); ++i) samples.push_back(store[i]);
    skill_of.resize(samples.size(), skill);
  }
  for (const std::vector<std::size_t>& indices : batches_by_length(samples, limit)) {
    Part part;
    std::vector<Sample> batch;
    for (const std::size_t index : indices) {
      const auto& scored = samples[index].scored;
      const auto count = std::count(scored.begin(), scored.end(), std::uint8_t{1});
      part.sample_of_position.insert(part.sample_of_position.end(), static_cast<std::size_t>(count),
                                     batch.size());
      part.skill_of_sample.push_back(skill_of[index]);
      batch.push_back(samples[index]);
    }
    part.batch = make_batch(batch, device);
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
