#include "skillit/report/study_summary.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "skillit/base/error.h"
#include "skillit/record/repeat.h"
#include "skillit/report/pair_summary.h"
#include "skillit/report/study_runs.h"

namespace skillit {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Estimate estimate_finite(const std::vector<double>& values) {
  std::vector<double> finite;
  std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
               [](double value) { return std::isfinite(value); });
  return estimate(finite);
}

template <class Value>
Measure measure(const MethodRuns& method, const Value& value) {
  Measure result;
  for (const RunRecord* run : method.runs) result.by_seed.push_back(value(*run));
  result.estimate = estimate_finite(result.by_seed);
  return result;
}

/// Mean over training; none when a loss was not finite on the way, since the area is then unknown.
double loss_area(const RunRecord& run) {
  const Curve curve = mean_loss_curve(run);
  return curve.steps.size() == run.evaluations.size() ? curve_mean(curve.steps, curve.values)
                                                      : kNaN;
}

double first_step_at(const RunRecord& run, double threshold) {
  const Curve curve = mean_loss_curve(run);
  const auto step = steps_to_threshold(curve.steps, curve.values, threshold);
  return step ? static_cast<double>(*step) : kNaN;
}

/// The lowest point of the curve: step and mean loss; NaN where nothing is finite.
std::pair<double, double> best_point(const RunRecord& run) {
  const Curve curve = mean_loss_curve(run);
  const auto lowest = std::min_element(curve.values.begin(), curve.values.end());
  if (lowest == curve.values.end()) return {kNaN, kNaN};
  return {static_cast<double>(curve.steps[static_cast<std::size_t>(lowest - curve.values.begin())]),
          *lowest};
}

MethodSummary summarize_method(const MethodRuns& method, std::size_t num_skills, double threshold) {
  MethodSummary summary;
  summary.method = method.method;
  for (const RunRecord* run : method.runs) summary.seeds.push_back(run->manifest.seed);
  summary.final_loss = measure(
      method, [](const RunRecord& run) { return mean(run.evaluations.back().losses.values); });
  summary.best_loss = measure(method, [](const RunRecord& run) { return best_point(run).second; });
  summary.best_step = measure(method, [](const RunRecord& run) { return best_point(run).first; });
  summary.loss_area = measure(method, loss_area);
  summary.steps_to_threshold =
      measure(method, [&](const RunRecord& run) { return first_step_at(run, threshold); });
  for (std::size_t skill = 0; skill < num_skills; ++skill) {
    const auto loss = [&](const RunRecord& run) { return run.evaluations.back().losses[skill]; };
    const auto accuracy = [&](const RunRecord& run) {
      return run.evaluations.back().accuracies[skill];
    };
    summary.skill_losses.push_back(measure(method, loss).estimate);
    summary.skill_accuracies.push_back(measure(method, accuracy).estimate);
  }
  summary.mixture_path = mean_mixture_path(method);
  for (const RunRecord* run : method.runs) summary.costs.push_back(run_cost(*run));
  summary.delivery = summarize_delivery(method.runs);
  return summary;
}

void note_missing_losses(const MethodSummary& method, std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < method.seeds.size(); ++i) {
    if (std::isfinite(method.loss_area.by_seed[i])) continue;
    const bool at_end = !std::isfinite(method.final_loss.by_seed[i]);
    notes.push_back(fmt::format(
        "{} seed {}: a skill has no finite loss {} (it diverged or was not measured); its {} "
        "not counted",
        method.method, method.seeds[i], at_end ? "after the last step" : "in some evaluation",
        at_end ? "losses are" : "area under the curve is"));
  }
}

/// Repeats are there for the noise floor: only with one another, or they would be counted as
/// methods of their own.
bool worth_comparing(const std::string& a, const std::string& b) {
  const MethodRepeat first = parse_method_repeat(a), second = parse_method_repeat(b);
  return first.spec == second.spec || (first.repeat == 1 && second.repeat == 1);
}

void compare_pairs(const StudyRuns& study, const std::string& against, StudySummary& summary) {
  const auto& methods = summary.methods;
  for (std::size_t i = 0; i < methods.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      // The reference stands second, so that differences read as "the other minus the reference".
      const bool swapped = methods[i].method == against;
      if (!against.empty() && !swapped && methods[j].method != against) continue;
      if (!worth_comparing(methods[i].method, methods[j].method)) continue;
      const std::size_t first = swapped ? j : i, second = swapped ? i : j;
      summary.pairs.push_back(summarize_pair(study.methods[first], methods[first],
                                             study.methods[second], methods[second]));
    }
  }
  correct_for_comparisons(summary.pairs);
}

void check_reference(const std::string& against, const std::vector<MethodSummary>& methods) {
  std::vector<std::string> names;
  for (const MethodSummary& method : methods) names.push_back(method.method);
  if (against.empty() || std::find(names.begin(), names.end(), against) != names.end()) return;
  const std::string nearest = nearest_name(against, names);
  fail(ErrorCode::kNotFound,
       fmt::format("against: no finished run has the method '{}'{}; there are: {}", against,
                   nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                   fmt::join(names, ", ")));
}

}  // namespace

StudySummary summarize(std::span<const RunRecord> runs, const SummaryOptions& options) {
  const StudyRuns study = comparable_runs(runs);
  if (study.methods.empty()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("study: no finished run to summarize{}{}", study.left_out.empty() ? "" : ": ",
                     fmt::join(study.left_out, "; ")));
  }
  const Manifest& manifest = study.methods.front().runs.front()->manifest;
  StudySummary summary;
  summary.study = manifest.study;
  summary.steps = manifest.steps;
  summary.threshold = options.threshold;
  summary.train_skills = manifest.train_skills;
  summary.eval_skills = manifest.eval_skills;
  summary.left_out = study.left_out;
  for (const MethodRuns& method : study.methods) {
    summary.methods.push_back(
        summarize_method(method, manifest.eval_skills.size(), options.threshold));
    note_missing_losses(summary.methods.back(), summary.notes);
  }
  check_reference(options.against, summary.methods);
  compare_pairs(study, options.against, summary);
  summary.noise_floor = noise_floor(summary.methods);
  return summary;
}

}  // namespace skillit
