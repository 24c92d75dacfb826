#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/config/spec.h"
#include "skillit/graph/graph_processing.h"
#include "skillit/graph/learned_graph.h"
#include "skillit/graph/probe_lookup.h"
#include "skillit/graph/probe_plan.h"

namespace skillit {

/// Says which short runs it needs and turns what they measured into edges. Pure: no training, no
/// I/O, no randomness. Use it through plan_probes() and learn_graph().
///
/// Two learners need no runs of their own and are functions beside this interface: fit_online()
/// (online_learner.h; from the record of a run or study) and gradient_graph() (gradient_learner.h;
/// from gradients at a checkpoint).
class GraphLearner {
 public:
  virtual ~GraphLearner() = default;

  /// The runs of one seed, each once. @throws Error kMismatch when the learner cannot serve these
  /// axes (brute force needs every evaluation skill among the training skills).
  [[nodiscard]] virtual std::vector<ProbeSpec> probes(const SkillSet& train_skills,
                                                      const SkillSet& eval_skills,
                                                      std::uint64_t seed) const = 0;
  /// One seed's edges, row-major, train.size() * eval.size() values in the learner's unit; NaN
  /// where it says nothing. The axes are those of `results`. @throws Error kNotFound (a run),
  /// kBadArgument (a loss that is NaN or infinite, an evaluation that is missing).
  [[nodiscard]] virtual std::vector<double> edges(const SkillSet& train_skills,
                                                  const ProbeLookup& results,
                                                  std::uint64_t seed) const = 0;
};

/// "approximate:at_step=100" -> a learner. @throws Error kNotFound (with the nearest name; for a
/// learner that needs no probes, what to call instead), kBadArgument.
[[nodiscard]] std::unique_ptr<GraphLearner> make_learner(std::string_view spec);

/// Where a learner takes its evidence from.
enum class LearnerInput { kProbes, kRuns, kGradients };
struct LearnerInfo {
  MethodInfo method;  ///< Name, one line, options: for the help text.
  LearnerInput input = LearnerInput::kProbes;
};
/// Every learner, in the order of the help text.
[[nodiscard]] const std::vector<LearnerInfo>& learner_methods();

/// All runs for all seeds. @throws Error kBadArgument on no seed, a seed given twice or an empty
/// axis, and what probes() throws.
[[nodiscard]] ProbePlan plan_probes(const GraphLearner& learner, const SkillSet& train_skills,
                                    const SkillSet& eval_skills,
                                    std::span<const std::uint64_t> seeds);

/// The graph that the results show: edges estimated over `seeds`, noise removed and weights
/// processed as asked (graph_processing.h). Provenance holds "seeds"; the caller adds what it
/// knows (learner, base model, steps, fingerprints). @throws Error kNotFound listing the first runs
/// that are missing and how many are, kMismatch on evaluation skills that were not measured,
/// kBadArgument on a loss that is NaN or infinite, naming run, skill and step.
[[nodiscard]] LearnedGraph learn_graph(const GraphLearner& learner, const SkillSet& train_skills,
                                       const SkillSet& eval_skills,
                                       std::span<const std::uint64_t> seeds,
                                       const ProbeResults& results,
                                       const GraphProcessing& processing = {});

}  // namespace skillit
