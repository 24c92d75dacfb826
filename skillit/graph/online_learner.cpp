#include "skillit/graph/online_learner.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "skillit/base/error.h"
#include "skillit/graph/cholesky.h"
#include "skillit/graph/edge_accumulator.h"

namespace skillit {
namespace {

/// A share has to move against the others by this much at least, root mean square over rounds, to
/// count.
constexpr double kLeastVariation = 1e-3;
/// Less would be lost in the rounding of the sums.
constexpr double kLeastRidge = 1e-9;

/// One seed's rounds as a regression: drops (R x m) from shares (R x k), row-major.
struct Regression {
  std::size_t rounds = 0;
  std::vector<double> shares;
  std::vector<double> drops;
  double least_variation = kLeastVariation;
};

void check_run(const RunRounds& run, const SkillSet& train, const SkillSet& eval) {
  const auto refuse = [&](const std::string& what) {
    fail(ErrorCode::kBadArgument, fmt::format("online: run of seed {}: {}", run.seed, what));
  };
  if (run.delivered.empty()) refuse("has no rounds; at least one was expected");
  if (run.losses.size() != run.delivered.size() + 1) {
    refuse(
        fmt::format("has {} rounds and {} evaluations; one before the first round and one after "
                    "each were expected",
                    run.delivered.size(), run.losses.size()));
  }
  for (std::size_t r = 0; r < run.delivered.size(); ++r) {
    if (run.delivered[r].size() != train.size())
      refuse(fmt::format("round {} has {} shares, but there are {} training skills", r,
                         run.delivered[r].size(), train.size()));
  }
  for (std::size_t e = 0; e < run.losses.size(); ++e) {
    if (run.losses[e].size() != eval.size())
      refuse(fmt::format("evaluation {} has {} losses, but there are {} evaluation skills", e,
                         run.losses[e].size(), eval.size()));
    for (std::size_t j = 0; j < eval.size(); ++j) {
      if (!std::isfinite(run.losses[e][j]))
        refuse(
            fmt::format("the loss of '{}' after {} rounds is {}; a measured, finite loss was "
                        "expected",
                        eval[j], e, run.losses[e][j]));
    }
  }
}

void add_rounds(const RunRounds& run, const SkillSet& eval, bool relative, Regression& target) {
  target.least_variation = std::max(target.least_variation, run.least_share);
  for (std::size_t r = 0; r < run.delivered.size(); ++r) {
    const auto& shares = run.delivered[r].shares();
    target.shares.insert(target.shares.end(), shares.begin(), shares.end());
    for (std::size_t j = 0; j < eval.size(); ++j) {
      const double before = run.losses[r][j];
      if (relative && before <= 0) {
        fail(ErrorCode::kBadArgument,
             fmt::format("online: run of seed {}: the loss of '{}' after {} rounds is {}; a share "
                         "of it needs a loss above 0 (use relative=false)",
                         run.seed, eval[j], r, before));
      }
      target.drops.push_back((before - run.losses[r + 1][j]) / (relative ? before : 1));
    }
    ++target.rounds;
  }
}

/// The solution of one seed: edges (k x m) that start as the prior, and the rounds' part in each
/// row.
class RidgeFit {
 public:
  RidgeFit(const Regression& data, std::size_t k, std::size_t m, double ridge)
      : data_(data), k_(k), m_(m), ridge_(ridge) {}

  /// edges := prior + what the rounds add to it.
  void fit(std::vector<double>& edges, std::vector<double>& evidence) const {
    const std::vector<double> misfit = misfit_of(edges);
    // Both forms give the same edges; the smaller system is solved.
    if (k_ <= data_.rounds)
      fit_by_skills(misfit, edges, evidence);
    else
      fit_by_rounds(misfit, edges, evidence);
  }

 private:
  [[nodiscard]] double share(std::size_t r, std::size_t i) const {
    return data_.shares[r * k_ + i];
  }

  /// drops - shares * edges, R x m.
  [[nodiscard]] std::vector<double> misfit_of(const std::vector<double>& edges) const {
    std::vector<double> misfit = data_.drops;
    for (std::size_t r = 0; r < data_.rounds; ++r) {
      for (std::size_t i = 0; i < k_; ++i) add_row(-share(r, i), &edges[i * m_], &misfit[r * m_]);
    }
    return misfit;
  }
  void add_row(double factor, const double* from, double* to) const {
    if (factor == 0) return;
    for (std::size_t j = 0; j < m_; ++j) to[j] += factor * from[j];
  }

  /// (P^T P + ridge I) (a - prior) = P^T misfit.
  void fit_by_skills(const std::vector<double>& misfit, std::vector<double>& edges,
                     std::vector<double>& evidence) const {
    std::vector<double> normal(k_ * k_), right(k_ * m_);
    for (std::size_t r = 0; r < data_.rounds; ++r) {
      for (std::size_t i = 0; i < k_; ++i) {
        for (std::size_t q = 0; q < k_; ++q) normal[i * k_ + q] += share(r, i) * share(r, q);
        add_row(share(r, i), &misfit[r * m_], &right[i * m_]);
      }
    }
    for (std::size_t i = 0; i < k_; ++i) normal[i * k_ + i] += ridge_;
    const Cholesky factor(std::move(normal), k_);
    std::vector<double> column(k_);
    for (std::size_t j = 0; j < m_; ++j) {
      for (std::size_t i = 0; i < k_; ++i) column[i] = right[i * m_ + j];
      factor.solve(column);
      for (std::size_t i = 0; i < k_; ++i) edges[i * m_ + j] += column[i];
    }
    for (std::size_t i = 0; i < k_; ++i) {
      std::fill(column.begin(), column.end(), 0.0);
      column[i] = 1;
      factor.solve_lower(column);
      evidence[i] = std::min(evidence[i], 1 - ridge_ * square(column));
    }
  }

  /// a - prior = P^T (P P^T + ridge I)^-1 misfit.
  void fit_by_rounds(const std::vector<double>& misfit, std::vector<double>& edges,
                     std::vector<double>& evidence) const {
    const std::size_t rounds = data_.rounds;
    std::vector<double> kernel(rounds * rounds);
    for (std::size_t r = 0; r < rounds; ++r) {
      for (std::size_t q = 0; q < rounds; ++q) {
        double sum = r == q ? ridge_ : 0;
        for (std::size_t i = 0; i < k_; ++i) sum += share(r, i) * share(q, i);
        kernel[r * rounds + q] = sum;
      }
    }
    const Cholesky factor(std::move(kernel), rounds);
    std::vector<double> solved(rounds * m_), column(rounds);
    for (std::size_t j = 0; j < m_; ++j) {
      for (std::size_t r = 0; r < rounds; ++r) column[r] = misfit[r * m_ + j];
      factor.solve(column);
      for (std::size_t r = 0; r < rounds; ++r) solved[r * m_ + j] = column[r];
    }
    for (std::size_t i = 0; i < k_; ++i) {
      for (std::size_t r = 0; r < rounds; ++r) {
        add_row(share(r, i), &solved[r * m_], &edges[i * m_]);
        column[r] = share(r, i);
      }
      factor.solve_lower(column);
      evidence[i] = std::min(evidence[i], square(column));
    }
  }

  static double square(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value * value;
    return sum;
  }

  const Regression& data_;
  std::size_t k_;
  std::size_t m_;
  double ridge_;
};

std::map<std::uint64_t, Regression> regressions(const SkillSet& train, const SkillSet& eval,
                                                std::span<const RunRounds> runs, bool relative) {
  std::map<std::uint64_t, Regression> by_seed;
  for (const RunRounds& run : runs) {
    check_run(run, train, eval);
    add_rounds(run, eval, relative, by_seed[run.seed]);
  }
  return by_seed;
}

void check_ridge(double ridge) {
  if (ridge == 0 || (ridge >= kLeastRidge && std::isfinite(ridge))) return;
  fail(ErrorCode::kBadArgument,
       fmt::format("online: ridge is {}; 0 or a finite number from {} was expected", ridge,
                   kLeastRidge));
}

void check_identified(std::uint64_t seed, const Regression& data, std::size_t rank, std::size_t k) {
  if (rank == k) return;
  fail(
      ErrorCode::kBadArgument,
      fmt::format("online: the {} rounds of seed {} delivered {} independent mixtures, but {} "
                  "training skills take {} to be told apart; give ridge > 0 and a prior graph, add "
                  "runs of other methods with this seed, or use a learner with probes",
                  data.rounds, seed, rank, k, k));
}

}  // namespace

OnlineOptions parse_online_spec(std::string_view text) {
  const MethodSpec spec = parse_method_spec(text);
  if (spec.method != "online") {
    fail(ErrorCode::kNotFound, fmt::format("{}: 'online' was expected, as only it learns from the "
                                           "rounds of a run",
                                           text));
  }
  return read_spec_options<OnlineOptions>(spec);
}

OnlineGraph fit_online(const SkillSet& train_skills, const SkillSet& eval_skills,
                       std::span<const RunRounds> runs, const OnlineOptions& options,
                       const std::optional<SkillGraph>& prior, const GraphProcessing& processing) {
  const std::size_t k = train_skills.size();
  const std::size_t m = eval_skills.size();
  if (k == 0 || m == 0 || runs.empty())
    fail(ErrorCode::kBadArgument, "online: needs training skills, evaluation skills and a run");
  check_ridge(options.ridge);
  std::vector<double> start(k * m, 0.0);
  if (prior) {
    const SkillGraph ordered = prior->reordered(train_skills, eval_skills, "online: prior graph");
    for (std::size_t i = 0; i < k; ++i)
      std::copy(ordered.row(i).begin(), ordered.row(i).end(),
                start.begin() + static_cast<std::ptrdiff_t>(i * m));
  }
  OnlineGraph result;
  result.rank = k;
  result.evidence.assign(k, 1.0);
  EdgeAccumulator estimates(k * m);
  std::vector<std::uint64_t> seeds;
  for (const auto& [seed, data] : regressions(train_skills, eval_skills, runs, options.relative)) {
    const std::size_t rank = column_rank(data.shares, data.rounds, k, data.least_variation);
    if (options.ridge == 0) check_identified(seed, data, rank, k);
    result.rank = std::min(result.rank, rank);
    std::vector<double> edges = start;
    RidgeFit(data, k, m, options.ridge).fit(edges, result.evidence);
    estimates.add(edges);
    seeds.push_back(seed);
  }
  result.learned = process_edges(train_skills, eval_skills, estimates.finish(), processing);
  result.learned.provenance["seeds"] = fmt::format("{}", fmt::join(seeds, ","));
  return result;
}

}  // namespace skillit
