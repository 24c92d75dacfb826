#include "skillit/report/verdict.h"

#include <fmt/core.h>

#include <cmath>

namespace skillit {
namespace {

bool is_corrected(const PairedDifference& measure) {
  return measure.holm_p && *measure.holm_p > measure.p_value;
}

/// "n = 4, p = 0.03, corrected 0.09".
std::string test_text(const PairedDifference& measure) {
  std::string text = fmt::format("n = {}, p = {:.2g}", measure.difference.n, measure.p_value);
  if (is_corrected(measure)) text += fmt::format(", corrected {:.2g}", *measure.holm_p);
  return text;
}

/// The sentence for two pairs or more that differ among themselves.
std::string with_interval(const PairSummary& pair, const PairedDifference& measure,
                          const char* less) {
  const Estimate& d = measure.difference;
  if (measure.separated()) {
    const bool first_is_less = d.mean < 0;
    return fmt::format("{} is {} by {} [{}, {}], {}", first_is_less ? pair.first : pair.second,
                       less, number_text(std::abs(d.mean)),
                       number_text(first_is_less ? -d.high : d.low),
                       number_text(first_is_less ? -d.low : d.high), test_text(measure));
  }
  const std::string text = fmt::format("not separated{}: {} - {} = {} [{}, {}], {}",
                                       measure.clear_alone() ? " among so many comparisons" : "",
                                       pair.first, pair.second, number_text(d.mean),
                                       number_text(d.low), number_text(d.high), test_text(measure));
  return text + power_text(measure, is_corrected(measure));
}

std::string each_of(std::size_t pairs) {
  return pairs == 1 ? "the only pair" : fmt::format("each of {} pairs", pairs);
}

/// The sentence where there is no spread to measure by.
std::string without_interval(const PairSummary& pair, const Estimate& d, const char* less) {
  const std::string where = each_of(d.n);
  if (d.mean == 0) return fmt::format("equal in {}; no interval", where);
  return fmt::format("{} is {} by {} in {}; no interval", d.mean < 0 ? pair.first : pair.second,
                     less, number_text(std::abs(d.mean)), where);
}

}  // namespace

std::string number_text(double value) {
  return std::abs(value) >= 99.95 ? fmt::format("{:.0f}", value) : fmt::format("{:#.3g}", value);
}

std::string power_text(const PairedDifference& measure, bool has_others) {
  constexpr double kMost = 10'000;  // Nobody will run them, and the estimate means nothing there.
  const auto have = static_cast<double>(measure.difference.n);
  if (!measure.pairs_needed || *measure.pairs_needed <= have || measure.clear_alone()) return "";
  const double more = *measure.pairs_needed - have;
  const char* const alone = has_others ? ", tested alone" : "";
  if (more > kMost) {
    return fmt::format(
        "; if these are the true difference and spread, not even {:.0f} more seeds would show it "
        "four times in five{}",
        kMost, alone);
  }
  return fmt::format(
      "; if these are the true difference and spread, {:.0f} more seed{} would show it four times "
      "in five{}",
      more, more == 1 ? "" : "s", alone);
}

std::string verdict(const PairSummary& pair, const PairedDifference& measure, Quantity quantity) {
  const bool is_loss = quantity == Quantity::kLoss;
  const Estimate& d = measure.difference;
  const std::size_t pairs = pair.common_seeds.size();
  if (pairs == 0) return "no common seed";
  const char* const lacking = is_loss ? "a loss is not finite" : "one never got there";
  if (d.n == 0) return fmt::format("nothing to compare: in {} {}", each_of(pairs), lacking);
  const char* const less = is_loss ? "lower" : "earlier";
  std::string text =
      d.n == 1 || d.sd == 0 ? without_interval(pair, d, less) : with_interval(pair, measure, less);
  if (d.n == pairs) return text;
  return fmt::format("{} (not counting {} of {} pairs, in which {})", text, pairs - d.n, pairs,
                     lacking);
}

}  // namespace skillit
