#include "skillit/report/pair_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "skillit/record/repeat.h"

namespace skillit {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Places of the common seeds in both methods.
std::vector<std::pair<std::size_t, std::size_t>> common_places(const MethodSummary& first,
                                                               const MethodSummary& second) {
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t i = 0; i < first.seeds.size(); ++i) {
    const auto other = std::find(second.seeds.begin(), second.seeds.end(), first.seeds[i]);
    if (other != second.seeds.end())
      places.emplace_back(i, static_cast<std::size_t>(other - second.seeds.begin()));
  }
  return places;
}

SkillSigns count_signs(const std::vector<double>& mean_differences) {
  SkillSigns signs;
  for (const double d : mean_differences) {
    ++(d < 0 ? signs.first_lower : d > 0 ? signs.second_lower : signs.equal);
  }
  signs.p_value = sign_test_p(signs.first_lower, signs.second_lower);
  return signs;
}

/// What `method` had spent when it was as good as its rival in the end, over the rival's total.
std::optional<double> flops_ratio(const RunRecord& run, double steps, const RunCost& own,
                                  const RunCost& rival) {
  if (!own.train_flops || !own.graph_flops || !rival.train_flops || !rival.graph_flops)
    return std::nullopt;
  const double total = *rival.train_flops + *rival.evaluate_flops + *rival.graph_flops;
  if (!(total > 0)) return std::nullopt;
  if (std::isinf(steps)) return kInfinity;
  const auto until = std::count_if(
      run.evaluations.begin(), run.evaluations.end(),
      [&](const EvaluationRecord& e) { return static_cast<double>(e.step) <= steps; });
  const double part = steps / static_cast<double>(run.manifest.steps);
  const double evaluated = static_cast<double>(until) / static_cast<double>(run.evaluations.size());
  const double before = run.manifest.costs->sample_losses_flops + *own.graph_flops;
  const double evaluations = *own.evaluate_flops - run.manifest.costs->sample_losses_flops;
  return (*own.train_flops * part + evaluations * evaluated + before) / total;
}

/// One method of a pair, with the places of the common seeds.
struct Side {
  const MethodRuns& runs;
  const MethodSummary& summary;
  std::vector<std::size_t> places;
};

StepsToRival steps_to_rival(const Side& own, const Side& rival) {
  StepsToRival result;
  std::vector<double> ratios;
  for (std::size_t pair = 0; pair < own.places.size(); ++pair) {
    const std::size_t i = own.places[pair], j = rival.places[pair];
    const double goal = rival.summary.final_loss.by_seed[j];
    if (!std::isfinite(goal)) continue;
    const RunRecord& run = *own.runs.runs[i];
    const Curve curve = mean_loss_curve(run);
    const auto step = steps_to_threshold(curve.steps, curve.values, goal);
    result.by_seed.push_back(step ? static_cast<double>(*step) : kInfinity);
    const auto ratio =
        flops_ratio(run, result.by_seed.back(), own.summary.costs[i], rival.summary.costs[j]);
    if (ratio) ratios.push_back(*ratio);
  }
  result.steps = median_estimate(result.by_seed);
  if (ratios.size() == result.by_seed.size()) result.flops_ratio = median_estimate(ratios);
  return result;
}

double skill_difference(const Side& first, const Side& second, std::size_t skill) {
  std::vector<double> differences;
  for (std::size_t pair = 0; pair < first.places.size(); ++pair) {
    const double d = first.runs.runs[first.places[pair]]->evaluations.back().losses[skill] -
                     second.runs.runs[second.places[pair]]->evaluations.back().losses[skill];
    if (std::isfinite(d)) differences.push_back(d);
  }
  return mean(differences);
}

PairedDifference difference_of(const Side& first, const Side& second,
                               Measure MethodSummary::*member) {
  std::vector<double> a, b;
  for (std::size_t pair = 0; pair < first.places.size(); ++pair) {
    const double x = (first.summary.*member).by_seed[first.places[pair]];
    const double y = (second.summary.*member).by_seed[second.places[pair]];
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    a.push_back(x);
    b.push_back(y);
  }
  return paired_difference(a, b);
}

}  // namespace

PairSummary summarize_pair(const MethodRuns& first_runs, const MethodSummary& first,
                           const MethodRuns& second_runs, const MethodSummary& second) {
  PairSummary pair;
  pair.first = first.method;
  pair.second = second.method;
  pair.is_repeat =
      parse_method_repeat(first.method).spec == parse_method_repeat(second.method).spec;
  Side a{first_runs, first, {}}, b{second_runs, second, {}};
  for (const auto& [i, j] : common_places(first, second)) {
    pair.common_seeds.push_back(first.seeds[i]);
    a.places.push_back(i);
    b.places.push_back(j);
  }
  pair.final_loss = difference_of(a, b, &MethodSummary::final_loss);
  pair.best_loss = difference_of(a, b, &MethodSummary::best_loss);
  pair.loss_area = difference_of(a, b, &MethodSummary::loss_area);
  pair.steps_to_threshold = difference_of(a, b, &MethodSummary::steps_to_threshold);
  std::vector<double> by_skill;
  for (std::size_t skill = 0; skill < first.skill_losses.size(); ++skill)
    by_skill.push_back(skill_difference(a, b, skill));
  pair.skills = count_signs(by_skill);
  pair.first_reaches = steps_to_rival(a, b);
  pair.second_reaches = steps_to_rival(b, a);
  return pair;
}

void correct_for_comparisons(std::vector<PairSummary>& pairs) {
  for (const auto member :
       {&PairSummary::final_loss, &PairSummary::loss_area, &PairSummary::steps_to_threshold}) {
    std::vector<double> p_values;
    for (const PairSummary& pair : pairs) {
      if (!pair.is_repeat) p_values.push_back((pair.*member).p_value);
    }
    const std::vector<double> adjusted = holm_adjusted(p_values);
    auto next = adjusted.begin();
    for (PairSummary& pair : pairs) {
      if (pair.is_repeat) continue;
      if (!std::isnan(*next)) (pair.*member).holm_p = *next;
      ++next;
    }
  }
}

double NoiseFloor::reach(std::size_t n) const {
  return student_t_quantile(0.975, static_cast<double>(degrees)) * sd *
         std::sqrt(2 / static_cast<double>(n));
}

std::optional<NoiseFloor> noise_floor(std::span<const MethodSummary> methods) {
  std::map<std::pair<std::string, std::uint64_t>, std::vector<double>> repeats;
  for (const MethodSummary& method : methods) {
    for (std::size_t i = 0; i < method.seeds.size(); ++i) {
      const double loss = method.final_loss.by_seed[i];
      if (std::isfinite(loss))
        repeats[{parse_method_repeat(method.method).spec, method.seeds[i]}].push_back(loss);
    }
  }
  NoiseFloor floor;
  double squares = 0;
  for (const auto& [run, losses] : repeats) {
    const double center = mean(losses);
    for (const double loss : losses) squares += (loss - center) * (loss - center);
    floor.degrees += losses.size() - 1;
  }
  if (floor.degrees == 0) return std::nullopt;
  floor.sd = std::sqrt(squares / static_cast<double>(floor.degrees));
  return floor;
}

}  // namespace skillit
