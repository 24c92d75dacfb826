#include "skillit/report/delivery.h"

#include <fmt/core.h>

#include <cmath>

namespace skillit {
namespace {

void add(std::vector<double>& sums, double value, std::size_t skill, std::size_t num_skills) {
  sums.resize(num_skills, 0.0);
  sums[skill] += value;
}

void add_round(Delivery& sums, const RoundRecord& round) {
  const std::size_t num_skills = round.skill_tokens.size();
  sums.in_tokens = round.asked_in_tokens;
  for (std::size_t i = 0; i < num_skills; ++i) {
    const auto samples = static_cast<double>(round.delivered[i]);
    const auto tokens = static_cast<double>(round.skill_tokens[i]);
    sums.samples += samples;
    sums.tokens += tokens;
    add(sums.asked, round.asked[i], i, num_skills);
    add(sums.samples_of, samples, i, num_skills);
    add(sums.tokens_of, tokens, i, num_skills);
    const double off = std::abs(round.asked[i] - (sums.in_tokens ? tokens : samples));
    if (off > sums.most_off) {
      sums.most_off = off;
      sums.most_off_skill = i;
    }
    if (i >= round.epochs.size()) continue;
    add(sums.epochs, round.epochs[i], i, num_skills);
    if (round.epochs[i] > sums.most_epochs) {
      sums.most_epochs = round.epochs[i];
      sums.most_epochs_skill = i;
    }
  }
  sums.runs_spent.resize(num_skills, 0);
  for (const std::uint64_t skill : round.spent) ++sums.runs_spent[skill];
}

}  // namespace

Delivery summarize_delivery(std::span<const RunRecord* const> runs) {
  Delivery result;
  for (const RunRecord* run : runs) {
    if (run->rounds.empty() || run->rounds.back().skill_tokens.empty()) continue;
    add_round(result, run->rounds.back());
    ++result.runs;
    if (!run->rounds.back().ended) continue;
    result.ended_early.push_back(fmt::format("seed {} after {} of {} steps", run->manifest.seed,
                                             run->evaluations.back().step, run->manifest.steps));
  }
  if (result.runs == 0) return result;
  const auto divide = [&](double& value) { value /= static_cast<double>(result.runs); };
  divide(result.samples);
  divide(result.tokens);
  for (auto* list : {&result.asked, &result.samples_of, &result.tokens_of, &result.epochs}) {
    for (double& value : *list) divide(value);
  }
  return result;
}

std::string most_off_text(const Delivery& delivery, const std::vector<std::string>& skills) {
  return fmt::format("{:.3g} {} ({})", delivery.most_off, delivery.in_tokens ? "tokens" : "samples",
                     skills[delivery.most_off_skill]);
}

std::string most_epochs_text(const Delivery& delivery, const std::vector<std::string>& skills) {
  return fmt::format("{:.3g} ({})", delivery.most_epochs, skills[delivery.most_epochs_skill]);
}

}  // namespace skillit
