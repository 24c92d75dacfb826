#include "skillit/report/headline.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "skillit/report/verdict.h"

namespace skillit {
namespace {

constexpr std::size_t kMostNames = 4;
constexpr std::size_t kMostSentences = 3;

std::string list_names(std::vector<std::string> names) {
  if (names.size() > kMostNames) {
    const std::size_t more = names.size() - kMostNames + 1;
    names.resize(kMostNames - 1);
    return fmt::format("{} and {} more", fmt::join(names, ", "), more);
  }
  if (names.size() < 2) return names.empty() ? "" : names.front();
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

const std::string& lower_one(const PairSummary& pair) {
  return pair.final_loss.difference.mean < 0 ? pair.first : pair.second;
}
const std::string& higher_one(const PairSummary& pair) {
  return pair.final_loss.difference.mean < 0 ? pair.second : pair.first;
}

std::vector<const PairSummary*> compared(const StudySummary& summary) {
  std::vector<const PairSummary*> pairs;
  for (const PairSummary& pair : summary.pairs) {
    if (!pair.is_repeat && pair.final_loss.difference.n > 0) pairs.push_back(&pair);
  }
  return pairs;
}

std::string seeds_text(const PairSummary& pair) {
  const std::size_t n = pair.final_loss.difference.n;
  return fmt::format("{} seed{}", n, n == 1 ? "" : "s");
}

/// How far p is from the 5 % line, for the nearest miss.
double p_of(const PairSummary& pair) {
  const double p = pair.final_loss.p_value;
  return std::isnan(p) ? 2 : p;
}

std::string interval_sentence(const PairSummary& pair, std::size_t comparisons) {
  const PairedDifference& measure = pair.final_loss;
  const Estimate& d = measure.difference;
  const double sign = d.mean < 0 ? -1 : 1;
  std::string text = fmt::format(
      "Over {} the final loss of {} is {} lower than that of {} on average (95 % interval {} to "
      "{}",
      seeds_text(pair), lower_one(pair), number_text(std::abs(d.mean)), higher_one(pair),
      number_text(std::min(sign * d.low, sign * d.high)),
      number_text(std::max(sign * d.low, sign * d.high)));
  text += fmt::format("; p = {:.2g}", measure.p_value);
  if (measure.holm_p && comparisons > 1)
    text +=
        fmt::format(", {:.2g} after correction for {} comparisons", *measure.holm_p, comparisons);
  return text + ").";
}

std::string open_sentence(const PairSummary& pair, std::size_t comparisons) {
  const PairedDifference& measure = pair.final_loss;
  std::string text =
      fmt::format("Nearest to a difference are {} and {}: {} on average, 95 % interval {} to {}",
                  pair.first, pair.second, number_text(measure.difference.mean),
                  number_text(measure.difference.low), number_text(measure.difference.high));
  if (measure.clear_alone()) text += "; alone it would count, but not among this many comparisons";
  return text + power_text(measure, comparisons > 1) + ".";
}

Headline nothing_compared(const StudySummary& summary) {
  if (summary.methods.size() < 2)
    return {fmt::format("There is only one method, {}: nothing is compared.",
                        summary.methods.front().method),
            {}};
  return {"The methods have no seed in common with a final loss: nothing can be compared.", {}};
}

Headline single_seed(const std::vector<const PairSummary*>& pairs) {
  Headline result;
  result.verdict =
      "With one seed for each method nothing can be concluded: chance alone may be as large as "
      "what "
      "is seen.";
  const PairSummary& pair = **std::max_element(
      pairs.begin(), pairs.end(), [](const PairSummary* a, const PairSummary* b) {
        return std::abs(a->final_loss.difference.mean) < std::abs(b->final_loss.difference.mean);
      });
  result.details.push_back(
      fmt::format("In that seed the final loss of {} is {} lower than that of {}.", lower_one(pair),
                  number_text(std::abs(pair.final_loss.difference.mean)), higher_one(pair)));
  return result;
}

/// The sentence for a study in which some pairs are separated.
std::string separated_verdict(const std::vector<const PairSummary*>& separated,
                              const std::vector<const PairSummary*>& pairs,
                              const std::string& best) {
  std::vector<std::string> beaten, open;
  bool is_beaten = false;  // Possible where methods have other seeds.
  for (const PairSummary* pair : pairs) {
    if (pair->first != best && pair->second != best) continue;
    const bool counts = pair->final_loss.separated();
    is_beaten = is_beaten || (counts && lower_one(*pair) != best);
    (counts ? beaten : open).push_back(pair->first == best ? pair->second : pair->first);
  }
  if (beaten.empty() || is_beaten) {
    std::vector<std::string> parts;
    for (const PairSummary* pair : separated)
      parts.push_back(fmt::format("{} below {}", lower_one(*pair), higher_one(*pair)));
    return fmt::format(
        "No method is shown to be the best, but some differ: {} end with a lower loss.",
        list_names(parts));
  }
  const std::string more =
      open.empty() ? "" : fmt::format("; against {} no difference is shown", list_names(open));
  return fmt::format("{} ends with a lower loss than {}{}.", best, list_names(beaten), more);
}

void add_efficiency(const StudySummary& summary, const PairSummary& pair, Headline& result) {
  const bool first = lower_one(pair) == pair.first;
  const StepsToRival& reach = first ? pair.first_reaches : pair.second_reaches;
  if (reach.steps.n == 0) return;
  result.details.push_back(fmt::format(
      "{} {}.", lower_one(pair), steps_to_rival_text(reach, higher_one(pair), summary.steps)));
}

void add_noise(const StudySummary& summary, std::size_t n, Headline& result) {
  if (!summary.noise_floor) return;
  result.details.push_back(fmt::format(
      "Repeats of the same method show that chance alone moves a mean difference over {} seeds by "
      "up to {} in 19 of 20 studies.",
      n, number_text(summary.noise_floor->reach(n))));
}

/// A method whose runs rise again from an early best: by a tenth at least, from the first three
/// quarters of the steps.
bool overfits(const MethodSummary& method, std::uint64_t steps) {
  return method.final_loss.estimate.mean > 1.1 * method.best_loss.estimate.mean &&
         method.best_step.estimate.mean < 0.75 * static_cast<double>(steps);
}

/// The final loss of such runs is about how much they overfit: says so, with the same difference
/// where each run was at its best.
void add_overfitting(const StudySummary& summary, const PairSummary& pair, Headline& result) {
  const MethodSummary* worst = nullptr;
  double most = 0;
  for (const MethodSummary& method : summary.methods) {
    if (method.method != pair.first && method.method != pair.second) continue;
    const double rise = method.final_loss.estimate.mean - method.best_loss.estimate.mean;
    if (!overfits(method, summary.steps) || !(rise > most)) continue;
    worst = &method;
    most = rise;
  }
  if (worst == nullptr) return;
  std::string text = fmt::format(
      "Runs end above their best: {} ends at {}, but was at {} after about {:.0f} of {} steps",
      worst->method, number_text(worst->final_loss.estimate.mean),
      number_text(worst->best_loss.estimate.mean), worst->best_step.estimate.mean, summary.steps);
  const Estimate& d = pair.best_loss.difference;
  if (d.has_interval()) {
    text += fmt::format("; where each run is best, {} - {} is {} [{}, {}]", pair.first, pair.second,
                        number_text(d.mean), number_text(d.low), number_text(d.high));
  }
  result.details.push_back(text + ".");
}

/// What was left out may have been left out because it went badly, and the verdict says nothing of
/// it.
void add_not_counted(const StudySummary& summary, Headline& result) {
  std::size_t runs = summary.left_out.size();
  for (const MethodSummary& method : summary.methods) {
    runs += static_cast<std::size_t>(
        std::count_if(method.final_loss.by_seed.begin(), method.final_loss.by_seed.end(),
                      [](double loss) { return !std::isfinite(loss); }));
  }
  if (runs == 0) return;
  result.details.push_back(fmt::format(
      "{} run{} not counted (named below, with the reason); the verdict is about the others.", runs,
      runs == 1 ? " is" : "s are"));
}

Headline verdict_of(const StudySummary& summary) {
  const auto pairs = compared(summary);
  if (pairs.empty()) return nothing_compared(summary);
  std::size_t most_seeds = 0;
  for (const PairSummary* pair : pairs)
    most_seeds = std::max(most_seeds, pair->final_loss.difference.n);
  if (most_seeds == 1) return single_seed(pairs);
  std::vector<const PairSummary*> separated;
  std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(separated),
               [](const PairSummary* pair) { return pair->final_loss.separated(); });
  const auto by_p = [](const PairSummary* a, const PairSummary* b) { return p_of(*a) < p_of(*b); };
  Headline result;
  if (separated.empty()) {
    const PairSummary& nearest = **std::min_element(pairs.begin(), pairs.end(), by_p);
    result.verdict = fmt::format(
        "No method is shown to end with a lower loss than another: with {}{} every difference is "
        "within what chance could do.",
        seeds_text(nearest),
        nearest.final_loss.clear_alone() ? fmt::format(" and {} comparisons", pairs.size()) : "");
    if (nearest.final_loss.difference.sd > 0)
      result.details.push_back(open_sentence(nearest, pairs.size()));
    add_overfitting(summary, nearest, result);
    add_noise(summary, nearest.final_loss.difference.n, result);
    return result;
  }
  const auto best = std::min_element(
      summary.methods.begin(), summary.methods.end(),
      [](const MethodSummary& a, const MethodSummary& b) {
        return !(b.final_loss.estimate.mean <= a.final_loss.estimate.mean);  // NaN is never best.
      });
  result.verdict = separated_verdict(separated, pairs, best->method);
  // The nearest rival first: what holds against it says most.
  std::sort(separated.begin(), separated.end(), [&](const PairSummary* a, const PairSummary* b) {
    const auto place = [&](const PairSummary* pair) {
      return std::pair(lower_one(*pair) != best->method,
                       std::abs(pair->final_loss.difference.mean));
    };
    return place(a) < place(b);
  });
  const PairSummary& nearest = *separated.front();
  for (std::size_t i = 0; i < std::min(separated.size(), kMostSentences); ++i) {
    if (i == 0 || lower_one(*separated[i]) == lower_one(nearest))
      result.details.push_back(interval_sentence(*separated[i], pairs.size()));
  }
  add_overfitting(summary, nearest, result);
  add_efficiency(summary, nearest, result);
  add_noise(summary, nearest.final_loss.difference.n, result);
  return result;
}

}  // namespace

std::string steps_to_rival_text(const StepsToRival& reach, const std::string& rival,
                                std::uint64_t steps) {
  const MedianEstimate& m = reach.steps;
  const auto late = std::count_if(reach.by_seed.begin(), reach.by_seed.end(),
                                  [](double s) { return std::isinf(s); });
  const std::string where =
      late == 0 ? "" : fmt::format("; in {} of {} seeds not within the budget", late, m.n);
  const auto at = [](double value) {
    return std::isinf(value) ? std::string("beyond the budget") : fmt::format("{:.0f}", value);
  };
  if (std::isinf(m.median)) {
    return fmt::format("does not reach the final loss of {} within its {} steps in {} of {} seeds",
                       rival, steps, late, m.n);
  }
  std::string text =
      fmt::format("reaches the final loss of {} after {} of {} steps", rival, at(m.median), steps);
  if (m.n == 1) return text + " (one seed)";
  text += fmt::format(" (median of {} seeds; ", m.n);
  text += m.coverage >= 0.95
              ? fmt::format("95 % interval {} to {}", at(m.interval.low), at(m.interval.high))
              : fmt::format("they range from {} to {}", at(m.interval.low), at(m.interval.high));
  return text + where + ")";
}

Headline headline(const StudySummary& summary) {
  Headline result = verdict_of(summary);
  add_not_counted(summary, result);
  return result;
}

}  // namespace skillit
