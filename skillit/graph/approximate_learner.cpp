#include "skillit/graph/approximate_learner.h"

#include "skillit/graph/one_hot_probes.h"

namespace skillit {
namespace {

class ApproximateLearner final : public GraphLearner {
 public:
  explicit ApproximateLearner(std::uint64_t at_step) : at_step_(at_step) {}

  [[nodiscard]] std::vector<ProbeSpec> probes(const SkillSet& train_skills,
                                              const SkillSet& /*eval_skills*/,
                                              std::uint64_t seed) const override {
    return one_hot_probes(train_skills, seed);
  }
  [[nodiscard]] std::vector<double> edges(const SkillSet& train_skills, const ProbeLookup& results,
                                          std::uint64_t seed) const override {
    return one_hot_edges(train_skills, results, seed, at_step_,
                         [](double before, double after, std::size_t) { return before - after; });
  }

 private:
  std::uint64_t at_step_;
};

}  // namespace

std::unique_ptr<GraphLearner> make_approximate(const ApproximateOptions& options) {
  return std::make_unique<ApproximateLearner>(checked_step(options.at_step, "approximate"));
}

}  // namespace skillit
