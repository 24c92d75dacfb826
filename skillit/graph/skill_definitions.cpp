#include "skillit/graph/skill_definitions.h"

#include <fmt/core.h>

#include <cmath>
#include <string_view>
#include <vector>

#include "skillit/base/error.h"

namespace skillit {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  fail(ErrorCode::kBadArgument, what);
}

std::string interval(const Estimate& estimate) {
  if (!estimate.has_interval()) return fmt::format("{:.4g} (one seed, no interval)", estimate.mean);
  return fmt::format("{:.4g} (95 % interval {:.4g} to {:.4g}, {} seeds)", estimate.mean,
                     estimate.low, estimate.high, estimate.n);
}

std::string_view answer(const std::optional<bool>& verdict, std::string_view yes,
                        std::string_view no) {
  return !verdict ? "undecided" : *verdict ? yes : no;
}

void check_amount(const std::optional<double>& amount, std::string_view what) {
  if (!amount || (std::isfinite(*amount) && *amount >= 0)) return;
  refuse(fmt::format("is_edge: data needed {} is {}; a finite number of samples was expected", what,
                     *amount));
}

/// What the seeds in which only one of the runs learned j, and those in which both did, agree on.
std::optional<bool> edge_verdict(std::size_t in_favour, std::size_t against,
                                 const EdgeVerdict& verdict) {
  const std::size_t decided = in_favour + against;
  if (decided < 2) return std::nullopt;
  if (against == 0) return true;
  if (in_favour == 0) return false;
  // Seeds differ: the interval decides, which needs an amount from each.
  if (verdict.saved.n < decided) return std::nullopt;
  if (verdict.saved.low >= 0) return true;
  if (verdict.saved.high < 0) return false;
  return std::nullopt;
}

/// Sets what follows from the counts.
void conclude(OrderVerdict& verdict) {
  const std::size_t most = verdict.num_edges + verdict.num_undecided;
  std::string why;
  if (verdict.num_edges > 0 && most < verdict.num_pairs) {
    verdict.is_ordered = true;
    why = "ordered: neither empty nor complete";
  } else if (most == 0) {
    verdict.is_ordered = false;
    why = "not ordered: no edge between skills";
  } else if (verdict.num_edges == verdict.num_pairs) {
    verdict.is_ordered = false;
    why = "not ordered: every edge is there";
  } else {
    why = "undecided: it depends on edges that are";
  }
  verdict.text = fmt::format(
      "{} ({} of {} edges{})", why, verdict.num_edges, verdict.num_pairs,
      verdict.num_undecided > 0 ? fmt::format(", {} undecided", verdict.num_undecided) : "");
}

}  // namespace

SkillVerdict is_skill(std::span<const HeldOutLosses> seeds) {
  if (seeds.empty()) refuse("is_skill: no seed was measured; at least one was expected");
  std::vector<double> drops;
  for (const HeldOutLosses& seed : seeds) {
    if (!std::isfinite(seed.before) || !std::isfinite(seed.after))
      refuse(
          fmt::format("is_skill: held-out losses {} and {} found; measured, finite losses were "
                      "expected",
                      seed.before, seed.after));
    drops.push_back(seed.before - seed.after);
  }
  SkillVerdict verdict;
  verdict.drop = estimate(drops);
  if (verdict.drop.has_interval()) verdict.is_skill = verdict.drop.low > 0;
  verdict.text = fmt::format("{}: training on a part lowers the loss on the rest by {}",
                             answer(verdict.is_skill, "a skill", "not shown to be a skill"),
                             interval(verdict.drop));
  return verdict;
}

EdgeVerdict is_edge(std::span<const DataToLearn> seeds) {
  if (seeds.empty()) refuse("is_edge: no seed was measured; at least one was expected");
  EdgeVerdict verdict;
  verdict.seeds = seeds.size();
  std::vector<double> saved;
  std::size_t in_favour = 0, against = 0;
  for (const DataToLearn& seed : seeds) {
    check_amount(seed.alone, "alone");
    check_amount(seed.together, "together");
    if (!seed.alone && !seed.together) {
      ++verdict.undecided;
      continue;
    }
    if (seed.alone == 0 && seed.together == 0) {
      ++verdict.known;
      continue;
    }
    if (seed.alone && seed.together) saved.push_back(*seed.alone - *seed.together);
    const bool no_more = seed.together && (!seed.alone || *seed.together <= *seed.alone);
    ++(no_more ? in_favour : against);
  }
  verdict.saved = estimate(saved);
  verdict.is_edge = edge_verdict(in_favour, against, verdict);
  verdict.text = fmt::format(
      "{}: {} seeds learn it together with no more data, {} with more or "
      "not at all, {} in neither run",
      answer(verdict.is_edge, "an edge", "no edge"), in_favour, against, verdict.undecided);
  if (verdict.known > 0)
    verdict.text += fmt::format(", {} knew it before any training", verdict.known);
  if (!saved.empty()) verdict.text += "; samples saved " + interval(verdict.saved);
  return verdict;
}

OrderVerdict is_ordered(const SkillGraph& graph) {
  OrderVerdict verdict;
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    for (std::size_t j = 0; j < graph.eval_skills().size(); ++j) {
      if (graph.train_skills()[i] == graph.eval_skills()[j]) continue;
      ++verdict.num_pairs;
      verdict.num_edges += graph(i, j) > 0;
    }
  }
  conclude(verdict);
  return verdict;
}

OrderVerdict is_ordered(std::span<const EdgeVerdict> pairs) {
  OrderVerdict verdict;
  verdict.num_pairs = pairs.size();
  for (const EdgeVerdict& pair : pairs) {
    verdict.num_edges += pair.is_edge == true;
    verdict.num_undecided += !pair.is_edge;
  }
  conclude(verdict);
  return verdict;
}

}  // namespace skillit
