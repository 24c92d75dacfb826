#pragma once

#include <vector>

#include "skillit/data/sample_store.h"
#include "skillit/nn/gpt.h"
#include "skillit/skill/skill_losses.h"
#include "skillit/train/length_batches.h"

namespace skillit {

struct Evaluation {
  SkillLosses losses;  ///< Mean over each skill's scored tokens, nats, summed in float64.
  std::vector<double>
      accuracies;  ///< Share of samples whose scored tokens are all the likeliest ones.
};

/// Measures a model on fixed validation samples. Batches are made once, by length, across skills,
/// so that nothing is padded more than it must be. Immutable after construction.
class Evaluator {
 public:
  /// @throws Error kBadArgument when a skill has no sample. The data may go after construction.
  Evaluator(const std::vector<SampleStore>& validation, const SkillSet& skills,
            const BatchLimit& limit, torch::Device device);

  [[nodiscard]] Evaluation measure(const Gpt& model) const;

 private:
  struct Part {
    Batch batch;
    std::vector<std::size_t> skill_of_sample;
    std::vector<std::size_t> sample_of_position;
  };
  std::size_t num_skills_;
  std::vector<Part> parts_;
};

}  // namespace skillit
