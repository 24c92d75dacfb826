#include "skillit/graph/compare_graphs.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>

#include "skillit/base/error.h"
#include "skillit/base/statistics.h"

namespace skillit {
namespace {

/// Pearson's correlation, in two passes.
double correlation_of(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean_a = mean(a);
  const double mean_b = mean(b);
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  if (aa == 0 || bb == 0) return std::numeric_limits<double>::quiet_NaN();
  return ab / std::sqrt(aa * bb);
}

/// Rank of each value from 0; equal values share their mean rank.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = static_cast<double>(begin + end - 1) / 2;
    for (; begin < end; ++begin) ranks[order[begin]] = rank;
  }
  return ranks;
}

/// The 95 % interval of the difference of the two means leaves 0 out (Welch's t); also without
/// evidence of noise.
bool beyond_noise(const EdgeEstimate* a, const EdgeEstimate* b) {
  if (a == nullptr || b == nullptr || a->n < 2 || b->n < 2) return true;
  const double var_a = a->standard_error * a->standard_error;
  const double var_b = b->standard_error * b->standard_error;
  const double difference = std::abs(a->mean - b->mean);
  if (var_a + var_b == 0) return difference > 0;
  const double degrees = (var_a + var_b) * (var_a + var_b) /
                         (var_a * var_a / static_cast<double>(a->n - 1) +
                          var_b * var_b / static_cast<double>(b->n - 1));
  return 2 * student_t_cdf(-difference / std::sqrt(var_a + var_b), degrees) < 0.05;
}

/// The list that a changed pair belongs to; none when it did not change.
std::vector<EdgeChange>* list_of(double before, double after, GraphComparison& result) {
  if (before == 0 && after == 0) return nullptr;
  if (before == 0) return &result.gained;
  if (after == 0) return &result.lost;
  return (before > 0) != (after > 0) ? &result.sign_changes : nullptr;
}

void sort_by_size(std::vector<EdgeChange>& changes) {
  const auto size = [](const EdgeChange& c) { return std::abs(c.after - c.before); };
  std::stable_sort(changes.begin(), changes.end(),
                   [&](const EdgeChange& a, const EdgeChange& b) { return size(a) > size(b); });
}

SkillSet shared_names(const SkillSet& names, const SkillSet& others, std::string_view what) {
  std::vector<std::string> shared;
  for (const std::string& name : names.names()) {
    if (others.find(name)) shared.push_back(name);
  }
  if (shared.empty()) {
    fail(
        ErrorCode::kMismatch,
        fmt::format("graph comparison: there is no {} in both graphs; the first of one is '{}', of "
                    "the other '{}' (a bare matrix gets names by skillit graph import)",
                    what, names[0], others[0]));
  }
  return SkillSet(std::move(shared));
}

}  // namespace

LearnedGraph common_part(const LearnedGraph& learned, const LearnedGraph& other) {
  const SkillSet train =
      shared_names(learned.graph.train_skills(), other.graph.train_skills(), "training skill");
  const SkillSet eval =
      shared_names(learned.graph.eval_skills(), other.graph.eval_skills(), "evaluation skill");
  LearnedGraph part{learned.graph.selected(train, eval), {}, learned.provenance};
  if (learned.edges.empty()) return part;
  for (const std::string& i : train.names()) {
    for (const std::string& j : eval.names()) {
      part.edges.push_back(learned.edge(*learned.graph.train_skills().find(i),
                                        *learned.graph.eval_skills().find(j)));
    }
  }
  return part;
}

GraphComparison compare_graphs(const LearnedGraph& first, const LearnedGraph& second,
                               bool with_diagonal) {
  const SkillSet& train = first.graph.train_skills();
  const SkillSet& eval = first.graph.eval_skills();
  const auto rows = match_names(train, second.graph.train_skills(), "training skills of the first",
                                "training skills of the second graph");
  const auto columns =
      match_names(eval, second.graph.eval_skills(), "evaluation skills of the first",
                  "evaluation skills of the second graph");
  GraphComparison result;
  std::vector<double> before, after;
  for (std::size_t i = 0; i < train.size(); ++i) {
    for (std::size_t j = 0; j < eval.size(); ++j) {
      if (!with_diagonal && train[i] == eval[j]) continue;
      before.push_back(first.graph(i, j));
      after.push_back(second.graph(rows[i], columns[j]));
      std::vector<EdgeChange>* list = list_of(before.back(), after.back(), result);
      if (list == nullptr) continue;
      const EdgeEstimate* a = first.edges.empty() ? nullptr : &first.edge(i, j);
      const EdgeEstimate* b = second.edges.empty() ? nullptr : &second.edge(rows[i], columns[j]);
      if (beyond_noise(a, b))
        list->push_back({i, j, before.back(), after.back()});
      else
        ++result.changed_in_noise;
    }
  }
  result.num_edges = before.size();
  result.correlation = correlation_of(before, after);
  result.rank_correlation = correlation_of(ranks_of(before), ranks_of(after));
  for (auto* list : {&result.gained, &result.lost, &result.sign_changes}) sort_by_size(*list);
  return result;
}

}  // namespace skillit
