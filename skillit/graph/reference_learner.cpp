#include "skillit/graph/reference_learner.h"

#include <fmt/core.h>

#include "skillit/base/error.h"
#include "skillit/graph/one_hot_probes.h"

namespace skillit {
namespace {

class ReferenceLearner final : public GraphLearner {
 public:
  ReferenceLearner(std::vector<double> reference, std::uint64_t at_step)
      : reference_(std::move(reference)), at_step_(at_step) {}

  [[nodiscard]] std::vector<ProbeSpec> probes(const SkillSet& train_skills,
                                              const SkillSet& /*eval_skills*/,
                                              std::uint64_t seed) const override {
    std::vector<ProbeSpec> probes = one_hot_probes(train_skills, seed);
    ProbeSpec reference = reference_probe(train_skills, seed);
    // Of a single skill the reference is that skill.
    if (reference.shares.size() > 1) probes.push_back(std::move(reference));
    return probes;
  }

  [[nodiscard]] std::vector<double> edges(const SkillSet& train_skills, const ProbeLookup& results,
                                          std::uint64_t seed) const override {
    const ProbeRecord& reference = results.find(reference_probe(train_skills, seed));
    const std::size_t end = ProbeLookup::evaluation_at(reference, at_step_);
    return one_hot_edges(train_skills, results, seed, at_step_,
                         [&](double /*before*/, double after, std::size_t j) {
                           return results.loss(reference, end, j) - after;
                         });
  }

 private:
  [[nodiscard]] ProbeSpec reference_probe(const SkillSet& train, std::uint64_t seed) const {
    if (reference_.empty()) return make_equal_probe(train.names(), seed);
    if (reference_.size() != train.size()) {
      fail(ErrorCode::kMismatch,
           fmt::format("reference-minus-one-hot: reference has {} weights, one for each of the {} "
                       "training skills was expected",
                       reference_.size(), train.size()));
    }
    std::vector<std::pair<std::string, double>> weights;
    for (std::size_t i = 0; i < train.size(); ++i) weights.emplace_back(train[i], reference_[i]);
    return make_probe(std::move(weights), seed);
  }

  std::vector<double> reference_;
  std::uint64_t at_step_;
};

}  // namespace

std::unique_ptr<GraphLearner> make_reference(const ReferenceOptions& options) {
  return std::make_unique<ReferenceLearner>(
      options.reference, checked_step(options.at_step, "reference-minus-one-hot"));
}

}  // namespace skillit
