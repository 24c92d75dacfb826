#include "skillit/graph/brute_force_learner.h"

#include <fmt/core.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/graph/one_hot_probes.h"

namespace skillit {
namespace {

constexpr double kPairShare = 0.5;

/// What one run says about skill j, as two numbers that are compared between runs.
struct Outcome {
  double value = 0;     ///< Form loss: the drop. Form data: data until the threshold, or all of it.
  bool learned = true;  ///< Form data: the threshold was reached.
};

class BruteForceLearner final : public GraphLearner {
 public:
  BruteForceLearner(const BruteForceOptions& options, std::uint64_t at_step)
      : options_(options), at_step_(at_step) {}

  [[nodiscard]] std::vector<ProbeSpec> probes(const SkillSet& train, const SkillSet& eval,
                                              std::uint64_t seed) const override {
    for (const std::string& name : eval.names())
      (void)train.index_of(name,
                           "training skills, on which brute-force trains each one it "
                           "evaluates (for others use approximate)");
    std::vector<ProbeSpec> probes;
    for (const std::string& name : eval.names()) probes.push_back(make_equal_probe({name}, seed));
    for (std::size_t a = 0; a < train.size(); ++a) {
      for (std::size_t b = a + 1; b < train.size(); ++b) {
        if (eval.find(train[a]) || eval.find(train[b]))
          probes.push_back(make_equal_probe({train[a], train[b]}, seed));
      }
    }
    return probes;
  }

  [[nodiscard]] std::vector<double> edges(const SkillSet& train, const ProbeLookup& results,
                                          std::uint64_t seed) const override {
    const SkillSet& eval = results.eval_skills();
    std::vector<double> edges(train.size() * eval.size());
    for (std::size_t j = 0; j < eval.size(); ++j) {
      const Outcome alone = outcome(results, make_equal_probe({eval[j]}, seed), j, 1);
      for (std::size_t i = 0; i < train.size(); ++i) {
        double& edge = edges[i * eval.size() + j];
        if (train[i] == eval[j]) {
          edge = own_edge(alone);
          continue;
        }
        const double share = options_.count == DataCount::kOwn ? kPairShare : 1;
        edge = pair_edge(alone,
                         outcome(results, make_equal_probe({train[i], eval[j]}, seed), j, share));
      }
    }
    return edges;
  }

 private:
  [[nodiscard]] Outcome outcome(const ProbeLookup& results, const ProbeSpec& probe, std::size_t j,
                                double share) const {
    const ProbeRecord& record = results.find(probe);
    if (options_.form == BruteForceForm::kData) return data_to_learn(results, record, j, share);
    const std::size_t end = ProbeLookup::evaluation_at(record, at_step_);
    return {results.loss(record, 0, j) - results.loss(record, end, j)};
  }

  [[nodiscard]] Outcome data_to_learn(const ProbeLookup& results, const ProbeRecord& record,
                                      std::size_t j, double share) const {
    if (results.loss(record, 0, j) <= options_.threshold) {
      fail(ErrorCode::kBadArgument,
           fmt::format("brute-force: the loss of '{}' is {} before training, already at the "
                       "threshold {}; set a lower one",
                       results.eval_skills()[j], results.loss(record, 0, j), options_.threshold));
    }
    const std::size_t last = ProbeLookup::evaluation_at(record, 0);
    for (std::size_t e = 1; e <= last; ++e) {
      if (results.loss(record, e, j) <= options_.threshold)
        return {share * static_cast<double>(record.steps[e]), true};
    }
    return {share * static_cast<double>(record.steps[last]), false};
  }

  [[nodiscard]] double own_edge(const Outcome& alone) const {
    if (options_.form == BruteForceForm::kLoss) return alone.value;
    return alone.learned ? 1 : 0;
  }
  [[nodiscard]] double pair_edge(const Outcome& alone, const Outcome& pair) const {
    if (options_.form == BruteForceForm::kLoss) return pair.value - alone.value;
    if (!alone.learned && !pair.learned) return 0;
    const double saved = 1 - pair.value / alone.value;
    return pair.learned ? saved : std::min(saved, 0.0);  // It took more than was counted.
  }

  BruteForceOptions options_;
  std::uint64_t at_step_;
};

}  // namespace

std::vector<std::string_view> spec_names(BruteForceForm) {
  return {"loss", "data"};
}
std::vector<std::string_view> spec_names(DataCount) {
  return {"own", "total"};
}

std::unique_ptr<GraphLearner> make_brute_force(const BruteForceOptions& options) {
  if (!(options.threshold > 0)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("brute-force: threshold is {}; a loss above 0 was expected",
                     options.threshold));
  }
  return std::make_unique<BruteForceLearner>(options, checked_step(options.at_step, "brute-force"));
}

}  // namespace skillit
