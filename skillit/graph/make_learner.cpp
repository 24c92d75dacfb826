#include <fmt/core.h>
#include <fmt/ranges.h>

#include "skillit/base/error.h"
#include "skillit/graph/approximate_learner.h"
#include "skillit/graph/brute_force_learner.h"
#include "skillit/graph/gradient_learner.h"
#include "skillit/graph/learner.h"
#include "skillit/graph/online_learner.h"
#include "skillit/graph/reference_learner.h"
#include "skillit/graph/relative_drop_learner.h"

namespace skillit {
namespace {

using Make = std::unique_ptr<GraphLearner> (*)(const MethodSpec&);

struct Entry {
  LearnerInfo info;
  Make make = nullptr;  ///< Null where no probes are needed.
};

template <class Options, std::unique_ptr<GraphLearner> (*make)(const Options&)>
Entry probing(std::string_view name, std::string_view summary) {
  return {{describe_method<Options>(name, summary), LearnerInput::kProbes},
          [](const MethodSpec& spec) { return make(read_spec_options<Options>(spec)); }};
}

template <class Options>
Entry other(std::string_view name, std::string_view summary, LearnerInput input) {
  return {{describe_method<Options>(name, summary), input}};
}

/// A new learner is one line here.
const std::vector<Entry>& entries() {
  static const std::vector<Entry> table{
      probing<ApproximateOptions, make_approximate>(
          "approximate", "train on i alone: what each loss drops (k runs a seed)"),
      probing<BruteForceOptions, make_brute_force>(
          "brute-force", "train on i and j against j alone (about k^2 / 2 runs a seed)"),
      probing<ReferenceOptions, make_reference>(
          "reference-minus-one-hot", "train on a mixture against i alone (k + 1 runs a seed)"),
      probing<RelativeDropOptions, make_relative_drop>(
          "relative-drop", "approximate, as a share of the loss (k runs a seed)"),
      other<OnlineOptions>("online", "from the rounds of a recorded run; no runs of its own",
                           LearnerInput::kRuns),
      other<GradientOptions>("gradient", "from the gradients of each skill at a checkpoint",
                             LearnerInput::kGradients),
  };
  return table;
}

std::string needs(LearnerInput input) {
  return input == LearnerInput::kRuns ? "a recorded run (fit_online)"
                                      : "gradients at a checkpoint (gradient_graph)";
}

}  // namespace

std::unique_ptr<GraphLearner> make_learner(std::string_view spec_text) {
  const MethodSpec spec = parse_method_spec(spec_text);
  std::vector<std::string_view> names;
  for (const Entry& entry : entries()) {
    names.push_back(entry.info.method.name);
    if (entry.info.method.name != spec.method) continue;
    if (entry.make != nullptr) return entry.make(spec);
    fail(ErrorCode::kNotFound, fmt::format("{}: '{}' learns from {}, not from probes", spec_text,
                                           spec.method, needs(entry.info.input)));
  }
  const std::string nearest = nearest_name(spec.method, names);
  fail(ErrorCode::kNotFound,
       fmt::format("there is no graph learner '{}'{}; the learners are: {}", spec.method,
                   nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                   fmt::join(names, ", ")));
}

const std::vector<LearnerInfo>& learner_methods() {
  static const std::vector<LearnerInfo> list = [] {
    std::vector<LearnerInfo> infos;
    for (const Entry& entry : entries()) infos.push_back(entry.info);
    return infos;
  }();
  return list;
}

}  // namespace skillit
