#include "skillit/report/summary_table.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "skillit/report/headline.h"
#include "skillit/report/method_names.h"
#include "skillit/report/progress.h"
#include "skillit/report/study_runs.h"
#include "skillit/report/text_layout.h"
#include "skillit/report/verdict.h"

namespace skillit {
namespace {

constexpr std::string_view kNothing = "–";
constexpr std::size_t kMostPairs = 12;

std::string heading(const std::string& text, const TableOptions& options) {
  return options.color ? fmt::format("\n\033[1m{}\033[0m\n", text) : fmt::format("\n{}\n", text);
}

std::string percent(double share) {
  return fmt::format("{:.1f}%", 100 * share);
}

std::string with_interval(const Measure& measure) {
  const Estimate& e = measure.estimate;
  if (e.n == 0) return std::string(kNothing);
  std::string text = number_text(e.mean);
  if (e.has_interval()) text += fmt::format(" [{}, {}]", number_text(e.low), number_text(e.high));
  if (e.n < measure.by_seed.size()) text += fmt::format(" of {} seeds", e.n);
  return text;
}

/// "180 [160, 200]"; when some seeds never got there, only how many did and when, without a mean
/// that would leave the slow ones out.
std::string steps_text(const Measure& measure) {
  const Estimate& e = measure.estimate;
  if (e.n == 0) return "never";
  if (e.n < measure.by_seed.size()) {
    return fmt::format("reached by {} of {}", e.n, measure.by_seed.size());
  }
  if (!e.has_interval()) return fmt::format("{:.0f}", e.mean);
  return fmt::format("{:.0f} [{:.0f}, {:.0f}]", e.mean, e.low, e.high);
}

std::string method_table(const StudySummary& summary, const TableOptions& options) {
  Rows rows = {{"method", "seeds", "final loss", "mean loss over training",
                fmt::format("steps to {:.3g}", summary.threshold)}};
  bool one_seed = false;
  for (const MethodSummary& method : summary.methods) {
    rows.push_back({method.method, std::to_string(method.seeds.size()),
                    with_interval(method.final_loss), with_interval(method.loss_area),
                    steps_text(method.steps_to_threshold)});
    one_seed = one_seed || method.seeds.size() == 1;
  }
  std::string note =
      "Mean over seeds [95 % t interval]. Loss: nats per scored token, mean over skills.";
  if (one_seed) note += " One seed gives no interval and concludes nothing about other seeds.";
  return heading("Results", options) + grid(rows, options.width) + wrap("", note, options.width);
}

std::string skill_table(const StudySummary& summary, const TableOptions& options) {
  Rows rows = {{"skill"}};
  for (const MethodSummary& method : summary.methods) rows[0].push_back(method.method);
  bool any_accuracy = false;
  for (std::size_t skill = 0; skill < summary.eval_skills.size(); ++skill) {
    std::vector<std::string> row = {summary.eval_skills[skill]};
    for (const MethodSummary& method : summary.methods) {
      const Estimate& loss = method.skill_losses[skill];
      const Estimate& accuracy = method.skill_accuracies[skill];
      std::string cell = loss.n == 0 ? std::string(kNothing) : number_text(loss.mean);
      if (accuracy.n > 0) {
        cell += fmt::format(" {:>6}", percent(accuracy.mean));
        any_accuracy = true;
      }
      row.push_back(cell);
    }
    rows.push_back(std::move(row));
  }
  return heading(any_accuracy ? "Final loss and accuracy by skill (mean over seeds)"
                              : "Final loss by skill (mean over seeds)",
                 options) +
         grid(rows, options.width);
}

std::string signs_text(const PairSummary& pair) {
  const SkillSigns& signs = pair.skills;
  return fmt::format("{} of {} with {}{}, sign test p = {:.2g}", signs.first_lower,
                     signs.first_lower + signs.second_lower + signs.equal, pair.first,
                     signs.equal > 0 ? fmt::format(" ({} equal)", signs.equal) : "", signs.p_value);
}

std::string pair_lines(const PairSummary& pair, const StudySummary& summary, std::size_t width) {
  const auto line_of = [&](const std::string& what, const std::string& text) {
    return wrap(pad_right("  " + what, 28), text, width);
  };
  const auto line = [&](const std::string& what, const PairedDifference& measure,
                        Quantity quantity) {
    return line_of(what, verdict(pair, measure, quantity));
  };
  std::string rest;
  for (const auto& [reach, own, rival] : {std::tie(pair.first_reaches, pair.first, pair.second),
                                          std::tie(pair.second_reaches, pair.second, pair.first)}) {
    if (reach.steps.n > 0) {
      rest += wrap(
          "  ", fmt::format("{} {}", own, steps_to_rival_text(reach, rival, summary.steps)), width);
    }
  }
  return fmt::format("{} against {}{}\n", pair.first, pair.second,
                     pair.is_repeat ? " (the same method: what differs is chance)" : "") +
         line("final loss", pair.final_loss, Quantity::kLoss) +
         line("mean loss over training", pair.loss_area, Quantity::kLoss) +
         line(fmt::format("steps to {:.3g}", summary.threshold), pair.steps_to_threshold,
              Quantity::kSteps) +
         (summary.eval_skills.size() > 1 && !pair.common_seeds.empty()
              ? line_of("skills that end lower", signs_text(pair))
              : "") +
         rest;
}

std::string pair_table(const StudySummary& summary, const TableOptions& options) {
  if (summary.pairs.empty()) return "";
  std::string text = heading("Paired differences over common seeds [95 % t interval]", options);
  std::vector<const PairSummary*> shown;
  for (const PairSummary& pair : summary.pairs) shown.push_back(&pair);
  if (shown.size() > kMostPairs) {  // Those that differ most clearly; last, those without a test.
    const auto p_of = [](const PairSummary* pair) {
      return std::isnan(pair->final_loss.p_value) ? 2 : pair->final_loss.p_value;
    };
    std::stable_sort(shown.begin(), shown.end(),
                     [&](const PairSummary* a, const PairSummary* b) { return p_of(a) < p_of(b); });
    shown.resize(kMostPairs);
  }
  for (const PairSummary* pair : shown) text += pair_lines(*pair, summary, options.width);
  if (shown.size() < summary.pairs.size()) {
    text += wrap("",
                 fmt::format("... and {} more pairs, less clear in final loss: --json holds all.",
                             summary.pairs.size() - shown.size()),
                 options.width);
  }
  std::size_t compared = 0;
  for (const PairSummary& pair : summary.pairs) compared += pair.is_repeat ? 0 : 1;
  std::string note;
  if (compared > 1) {
    note = fmt::format(
        "\"corrected\" are p values after Holm's correction for the {} pairs within one measure; "
        "intervals are of one comparison alone.",
        compared);
  }
  if (summary.noise_floor) {
    note += fmt::format("{}Noise floor from {} repeat{}: one run's final loss varies by {} (sd).",
                        note.empty() ? "" : " ", summary.noise_floor->degrees,
                        summary.noise_floor->degrees == 1 ? "" : "s",
                        number_text(summary.noise_floor->sd));
  }
  return note.empty() ? text : text + wrap("", note, options.width);
}

/// One bar per round, at most `width` of them; a full bar is a share of 1.
std::string bars(const std::vector<std::vector<double>>& path, std::size_t skill,
                 std::size_t width) {
  static constexpr std::array<std::string_view, 9> kBars = {" ", "▁", "▂", "▃", "▄",
                                                            "▅", "▆", "▇", "█"};
  const std::size_t count = std::min(path.size(), width);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    const double share = path[i * path.size() / count][skill];
    const auto level = static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * 8));
    text += kBars[share > 0 ? std::max<std::size_t>(level, 1) : 0];
  }
  return text;
}

/// A mixture that gives most skills next to nothing is seldom what was meant: an eta too large for
/// the losses and the graph.
std::string starved_note(const std::vector<std::vector<double>>& path,
                         const TableOptions& options) {
  const std::size_t k = path.front().size();
  const double least = 0.1 / static_cast<double>(k);
  std::size_t starved = 0;
  for (std::size_t skill = 0; skill < k; ++skill)
    starved += path.front()[skill] >= least && path.back()[skill] < least ? 1 : 0;
  if (starved == 0) return "";
  return wrap(
      "",
      fmt::format("{} of {} skills end with less than a tenth of an equal share. If that is "
                  "not meant: docs/methods.md, \"Choosing eta\".",
                  starved, k),
      options.width);
}

std::string moving_mixture(const MethodSummary& method, const StudySummary& summary,
                           const TableOptions& options) {
  constexpr std::size_t kMostBars = 40;
  const auto& path = method.mixture_path;
  Rows rows = {{"skill", "first", "rounds", "last"}};
  for (std::size_t skill = 0; skill < summary.train_skills.size(); ++skill) {
    rows.push_back({summary.train_skills[skill], percent(path.front()[skill]),
                    bars(path, skill, kMostBars), percent(path.back()[skill])});
  }
  return heading(fmt::format("Mixture of {} over {} rounds (mean over seeds)", method.method,
                             path.size()),
                 options) +
         grid(rows, options.width) + starved_note(path, options);
}

std::string mixture_table(const StudySummary& summary, const TableOptions& options) {
  std::string text;
  Rows fixed = {{"skill"}};
  for (const auto& skill : summary.train_skills) fixed.push_back({skill});
  for (const MethodSummary& method : summary.methods) {
    const auto& path = method.mixture_path;
    if (path.empty()) continue;
    if (mixture_moves(path)) {
      text += moving_mixture(method, summary, options);
      continue;
    }
    fixed[0].push_back(method.method);
    for (std::size_t skill = 0; skill < path.front().size(); ++skill) {
      fixed[skill + 1].push_back(percent(path.front()[skill]));
    }
  }
  if (fixed[0].size() > 1)
    text += heading("Mixtures that stay as they are", options) + grid(fixed, options.width);
  return text;
}

std::string delivery_table(const StudySummary& summary, const TableOptions& options) {
  Rows rows = {{"method", "samples", "tokens", "furthest from what was asked", "most epochs"}};
  std::string early;
  for (const MethodSummary& method : summary.methods) {
    const Delivery& delivery = method.delivery;
    if (delivery.runs == 0) continue;
    rows.push_back({method.method, fmt::format("{:.0f}", delivery.samples),
                    fmt::format("{:.0f}", delivery.tokens),
                    most_off_text(delivery, summary.train_skills),
                    most_epochs_text(delivery, summary.train_skills)});
    for (const auto& run : delivery.ended_early)
      early +=
          wrap("  ", fmt::format("{} {}: its data were spent", method.method, run), options.width);
  }
  if (rows.size() == 1) return "";
  return heading("Data delivered (mean over seeds; furthest and most: of any skill and seed)",
                 options) +
         grid(rows, options.width) + early;
}

/// Of runs side by side each counts its own time.
std::string time_table(const StudySummary& summary, const TableOptions& options) {
  Rows rows = {{"method", "time of a run", "training", "evaluating", "choosing the mixture"}};
  for (const MethodSummary& method : summary.methods) {
    RunCost sum;
    for (const RunCost& cost : method.costs) {
      sum.train_seconds += cost.train_seconds;
      sum.evaluate_seconds += cost.evaluate_seconds;
      sum.select_seconds += cost.select_seconds;
    }
    const double seconds = sum.train_seconds + sum.evaluate_seconds + sum.select_seconds;
    if (!(seconds > 0)) continue;
    rows.push_back({method.method,
                    duration_text(seconds / static_cast<double>(method.costs.size())),
                    percent(sum.train_seconds / seconds), percent(sum.evaluate_seconds / seconds),
                    fmt::format("{:.2g}%", 100 * sum.select_seconds / seconds)});
  }
  if (rows.size() == 1) return "";
  return heading("Where the time went (mean over seeds; timing.jsonl has it by round)", options) +
         grid(rows, options.width);
}

std::string remarks(const StudySummary& summary, const TableOptions& options) {
  std::string text;
  for (const auto& line : summary.left_out) text += wrap("  left out: ", line, options.width);
  for (const auto& line : summary.notes) text += wrap("  ", line, options.width);
  return text.empty() ? "" : heading("Not counted", options) + text;
}

}  // namespace

std::string to_table(const StudySummary& full, const TableOptions& options) {
  const StudySummary summary = with_short_names(full);
  const Headline found = headline(summary);
  std::string verdict = heading("Verdict", options) + wrap("", found.verdict, options.width);
  for (const auto& line : found.details) verdict += wrap("  ", line, options.width);
  return fmt::format("{}: {} methods, {} training skills, {} steps\n", summary.study,
                     summary.methods.size(), summary.train_skills.size(), summary.steps) +
         verdict + method_table(summary, options) + skill_table(summary, options) +
         pair_table(summary, options) + mixture_table(summary, options) +
         delivery_table(summary, options) + time_table(summary, options) +
         remarks(summary, options);
}

}  // namespace skillit
