#include "skillit/select/skillit_selector.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "skillit/base/error.h"
#include "skillit/select/shares.h"
#include "skillit/skill/graph_ablation.h"

namespace skillit {
namespace {

void check(const SkillItOptions& options) {
  if (!(options.eta >= 0) || !std::isfinite(options.eta)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("skillit: eta is {}; it must be 0 or more", options.eta));
  }
  if (options.window < 1) {
    fail(ErrorCode::kBadArgument,
         fmt::format("skillit: window is {}; it must be 1 or more", options.window));
  }
  if (!(options.edge_decay >= 0 && options.edge_decay <= 1)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("skillit: edge_decay is {}; it must be from 0 to 1", options.edge_decay));
  }
  if (!(options.graph_noise >= 0) || options.graph_seed < 0) {
    fail(ErrorCode::kBadArgument,
         fmt::format("skillit: graph_noise is {} and graph_seed {}; both must be 0 or more",
                     options.graph_noise, options.graph_seed));
  }
}

SkillGraph changed_graph(SkillGraph graph, const SkillItOptions& options) {
  const auto seed = static_cast<std::uint64_t>(options.graph_seed);
  if (options.graph == GraphUse::kTransposed) graph = transposed(graph);
  if (options.graph == GraphUse::kShuffled) graph = shuffled(graph, seed);
  return options.graph_noise > 0 ? with_noise(graph, options.graph_noise, seed) : graph;
}

/// The run's own order on both axes, and 1 on the diagonal if asked; "diagonal" = same name, never
/// same position.
SkillGraph prepared_graph(const SkillItOptions& options, const SelectorInputs& inputs) {
  if (!inputs.graph) {
    fail(ErrorCode::kBadArgument,
         "skillit: needs a graph and none is given; learn one, or use the method no-graph");
  }
  const SkillGraph graph =
      changed_graph(inputs.graph->reordered(inputs.train_skills, inputs.eval_skills), options);
  if (options.diagonal == Diagonal::kKeep) return graph;
  std::vector<double> weights;
  for (std::size_t i = 0; i < inputs.train_skills.size(); ++i) {
    const auto row = graph.row(i);
    weights.insert(weights.end(), row.begin(), row.end());
    if (const auto own = inputs.eval_skills.find(inputs.train_skills[i]))
      weights[i * row.size() + *own] = 1;
  }
  return {inputs.train_skills, inputs.eval_skills, std::move(weights)};
}

/// For each training skill, whether the graph has no edge from it or to it except on itself.
std::vector<bool> isolated_skills(const SkillGraph& graph) {
  const SkillSet& train = graph.train_skills();
  std::vector<bool> isolated(train.size(), true);
  for (std::size_t i = 0; i < train.size(); ++i) {
    for (std::size_t j = 0; j < graph.eval_skills().size(); ++j) {
      if (graph(i, j) == 0 || graph.eval_skills()[j] == train[i]) continue;
      isolated[i] = false;
      if (const auto helped = train.find(graph.eval_skills()[j])) isolated[*helped] = false;
    }
  }
  return isolated;
}

class SkillItSelector final : public Selector {
 public:
  SkillItSelector(const SkillItOptions& options, const SelectorInputs& inputs);
  [[nodiscard]] Mixture next(const RoundInputs& inputs) override;

 private:
  [[nodiscard]] bool counts(std::size_t eval) const {
    return is_target_.empty() || is_target_[eval];
  }
  [[nodiscard]] std::vector<std::size_t> window_of(
      const LossHistory& history, const std::vector<std::size_t>& round_ends) const;
  void require_measured(const LossHistory& history, std::size_t evaluation) const;
  [[nodiscard]] double total(const SkillLosses& losses) const;
  [[nodiscard]] double eta_now(const LossHistory& history) const;
  [[nodiscard]] std::vector<double> pooled(const LossHistory& history,
                                           const std::vector<std::size_t>& window) const;
  [[nodiscard]] double row_product(std::size_t train, const std::vector<double>& losses,
                                   double edge_factor) const;
  [[nodiscard]] Mixture mixture(const std::vector<double>& losses, double eta,
                                double edge_factor) const;

  SkillItOptions options_;
  SkillGraph graph_;
  std::vector<double> log_prior_;
  std::vector<bool> is_target_;  ///< By evaluation skill; empty = all count.
  std::vector<bool> fixed_;      ///< By training skill: keeps 1/k.
  Mixture initial_;
};

SkillItSelector::SkillItSelector(const SkillItOptions& options, const SelectorInputs& inputs)
    : options_(options),
      graph_(prepared_graph(options, inputs)),
      log_prior_(inputs.train_skills.size(), 0.0),
      fixed_(inputs.train_skills.size(), false) {
  for (std::size_t i = 0; i < inputs.prior.size(); ++i) log_prior_[i] = std::log(inputs.prior[i]);
  if (!inputs.targets.empty()) {
    is_target_.assign(inputs.eval_skills.size(), false);
    for (const auto& name : inputs.targets)
      is_target_[inputs.eval_skills.index_of(name, "targets")] = true;
  }
  if (options_.pool == Pool::kAuto) options_.pool = is_target_.empty() ? Pool::kSum : Pool::kMean;
  if (options_.fix_isolated) fixed_ = isolated_skills(graph_);
  std::vector<double> ones(inputs.eval_skills.size(), 0.0);
  for (std::size_t j = 0; j < ones.size(); ++j) ones[j] = counts(j) ? 1.0 : 0.0;
  initial_ = options_.initial.empty()
                 ? mixture(ones, options_.eta, 1.0)
                 : mixture_of_shares(options_.initial, inputs.train_skills, "skillit: initial");
}

Mixture SkillItSelector::next(const RoundInputs& inputs) {
  const LossHistory& history = inputs.history;
  if (history.evaluations.empty()) return initial_;
  const std::vector<std::size_t> round_ends = last_evaluation_of_each_round(history);
  const std::vector<std::size_t> window = window_of(history, round_ends);
  for (const std::size_t evaluation : window) require_measured(history, evaluation);
  if (options_.normalize_loss || options_.eta_schedule) require_measured(history, 0);
  const double rounds_before = static_cast<double>(round_ends.size() - 1);
  return mixture(pooled(history, window), eta_now(history),
                 std::pow(options_.edge_decay, rounds_before));
}

/// The evaluations that count, oldest first.
std::vector<std::size_t> SkillItSelector::window_of(
    const LossHistory& history, const std::vector<std::size_t>& round_ends) const {
  std::vector<std::size_t> candidates = round_ends;
  if (options_.window_unit == WindowUnit::kEvaluations) {
    candidates.resize(history.evaluations.size());
    std::iota(candidates.begin(), candidates.end(), std::size_t{0});
  }
  const std::size_t count = std::min(candidates.size(), static_cast<std::size_t>(options_.window));
  candidates.erase(candidates.begin(), candidates.end() - static_cast<std::ptrdiff_t>(count));
  return candidates;
}

void SkillItSelector::require_measured(const LossHistory& history, std::size_t evaluation) const {
  const SkillLosses& losses = history.evaluations[evaluation];
  const SkillSet& skills = graph_.eval_skills();
  const std::string where =
      fmt::format("skillit: evaluation {} of {}", evaluation + 1, history.evaluations.size());
  if (losses.size() != skills.size()) {
    fail(ErrorCode::kMismatch,
         fmt::format("{} has {} losses; one for each of the {} evaluation skills was expected",
                     where, losses.size(), skills.size()));
  }
  for (std::size_t j = 0; j < skills.size(); ++j) {
    if (!counts(j) || std::isfinite(losses[j])) continue;
    fail(ErrorCode::kBadArgument,
         fmt::format(
             "{}: the loss of skill '{}' is {}; the update needs a finite loss of this skill",
             where, skills[j], losses.measured(j) ? "infinite" : "not measured (NaN)"));
  }
}

double SkillItSelector::total(const SkillLosses& losses) const {
  double sum = 0;
  for (std::size_t j = 0; j < losses.size(); ++j) sum += counts(j) ? losses[j] : 0.0;
  return sum;
}

double SkillItSelector::eta_now(const LossHistory& history) const {
  if (!options_.eta_schedule) return options_.eta;
  const double first = total(history.evaluations.front());
  const double newest = total(history.evaluations.back());
  if (first <= 0 || newest <= 0) {
    fail(ErrorCode::kBadArgument,
         fmt::format("skillit: eta_schedule divides the first total loss ({}) by the newest "
                     "({}); both must be positive",
                     first, newest));
  }
  return options_.eta * first / newest;
}

/// G: one number per evaluation skill; 0 where the skill is no target, whatever its loss.
std::vector<double> SkillItSelector::pooled(const LossHistory& history,
                                            const std::vector<std::size_t>& window) const {
  std::vector<double> result(graph_.eval_skills().size(), 0.0);
  for (std::size_t j = 0; j < result.size(); ++j) {
    if (!counts(j)) continue;
    for (const std::size_t evaluation : window) result[j] += history.evaluations[evaluation][j];
    if (options_.pool == Pool::kMean) result[j] /= static_cast<double>(window.size());
    if (!options_.normalize_loss) continue;
    const double first = history.evaluations.front()[j];
    if (first <= 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("skillit: normalize_loss divides by the first loss of skill '{}', which "
                       "is {}; it must be positive",
                       graph_.eval_skills()[j], first));
    }
    result[j] /= first;
  }
  return result;
}

/// sum_j A_ij G_j, where a positive edge to another skill counts edge_factor times.
double SkillItSelector::row_product(std::size_t train, const std::vector<double>& losses,
                                    double edge_factor) const {
  const auto row = graph_.row(train);
  if (edge_factor == 1) return std::inner_product(row.begin(), row.end(), losses.begin(), 0.0);
  const auto own = graph_.eval_skills().find(graph_.train_skills()[train]);
  double sum = 0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    const bool decays = row[j] > 0 && own != j;
    sum += (decays ? edge_factor * row[j] : row[j]) * losses[j];
  }
  return sum;
}

Mixture SkillItSelector::mixture(const std::vector<double>& losses, double eta,
                                 double edge_factor) const {
  const std::size_t k = fixed_.size();
  std::vector<double> logits;
  for (std::size_t i = 0; i < k; ++i) {
    if (fixed_[i]) continue;
    const double exponent = eta * row_product(i, losses, edge_factor);
    if (!std::isfinite(exponent)) {
      fail(ErrorCode::kBadArgument,
           fmt::format("skillit: eta * edges * losses of skill '{}' is {}, beyond the range of "
                       "a number; use a smaller eta",
                       graph_.train_skills()[i], exponent));
    }
    logits.push_back(log_prior_[i] + exponent);
  }
  if (logits.empty()) return Mixture::uniform(k);
  Mixture free = Mixture::from_logits(logits, "skillit");
  if (free.size() == k) return free;
  const double rest = static_cast<double>(free.size()) / static_cast<double>(k);
  std::vector<double> shares;
  for (std::size_t i = 0, next_free = 0; i < k; ++i) {
    shares.push_back(fixed_[i] ? 1.0 / static_cast<double>(k) : rest * free[next_free++]);
  }
  return Mixture::from_weights(shares, "skillit");
}

}  // namespace

std::unique_ptr<Selector> make_skillit(const SkillItOptions& options,
                                       const SelectorInputs& inputs) {
  check(options);
  return std::make_unique<SkillItSelector>(options, inputs);
}

}  // namespace skillit
