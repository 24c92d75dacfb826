#include "skillit/graph/relative_drop_learner.h"

#include <fmt/core.h>

#include "skillit/base/error.h"
#include "skillit/graph/one_hot_probes.h"

namespace skillit {
namespace {

class RelativeDropLearner final : public GraphLearner {
 public:
  explicit RelativeDropLearner(std::uint64_t at_step) : at_step_(at_step) {}

  [[nodiscard]] std::vector<ProbeSpec> probes(const SkillSet& train_skills,
                                              const SkillSet& /*eval_skills*/,
                                              std::uint64_t seed) const override {
    return one_hot_probes(train_skills, seed);
  }
  [[nodiscard]] std::vector<double> edges(const SkillSet& train_skills, const ProbeLookup& results,
                                          std::uint64_t seed) const override {
    const auto share = [&](double before, double after, std::size_t j) {
      if (before <= 0) {
        fail(ErrorCode::kBadArgument,
             fmt::format("relative-drop: the loss of '{}' before training is {} (seed {}); a share "
                         "of it needs a loss above 0 (use approximate)",
                         results.eval_skills()[j], before, seed));
      }
      return (before - after) / before;
    };
    return one_hot_edges(train_skills, results, seed, at_step_, share);
  }

 private:
  std::uint64_t at_step_;
};

}  // namespace

std::unique_ptr<GraphLearner> make_relative_drop(const RelativeDropOptions& options) {
  return std::make_unique<RelativeDropLearner>(checked_step(options.at_step, "relative-drop"));
}

}  // namespace skillit
