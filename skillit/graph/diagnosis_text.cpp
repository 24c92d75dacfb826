#include <fmt/core.h>

#include <cmath>

#include "skillit/graph/diagnose_graph.h"

namespace skillit {
namespace {

constexpr std::size_t kMostNamed = 8;

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

/// "a, b and 3 more".
std::string names_of(const std::vector<std::size_t>& ids, const SkillSet& skills) {
  std::string text;
  for (std::size_t n = 0; n < ids.size() && n < kMostNamed; ++n)
    text += (n == 0 ? "" : ", ") + skills[ids[n]];
  if (ids.size() > kMostNamed) text += fmt::format(" and {} more", ids.size() - kMostNamed);
  return text;
}

std::string edges_line(const GraphDiagnosis& d) {
  return fmt::format(
      "{} training and {} evaluation skills; of {} pairs of different skills {} "
      "help, {} harm\n",
      d.num_train, d.num_eval, d.num_pairs, percent(d.density), percent(d.negative));
}

std::string evidence_lines(const GraphDiagnosis& d) {
  if (std::isnan(d.in_noise)) return "no evidence beside the weights: noise is not known\n";
  std::string text;
  if (d.num_single > 0) {
    text += fmt::format(
        "{} of the pairs were measured with fewer than two seeds: their noise is "
        "not known\n",
        d.num_single);
  }
  if (d.num_single < d.num_pairs)
    text +=
        fmt::format("{} of the pairs are inside the noise (95 % interval)\n", percent(d.in_noise));
  return text;
}

std::string structure_lines(const GraphDiagnosis& d, const SkillGraph& graph) {
  std::string text;
  if (!std::isnan(d.asymmetry))
    text += fmt::format("asymmetry {:.2f} (0 = both ways alike, 1 = one way only)\n", d.asymmetry);
  if (!d.isolated.empty()) {
    text += fmt::format("{} isolated: {}\n", d.isolated.size(),
                        names_of(d.isolated, graph.train_skills()));
  }
  if (!d.unreachable.empty()) {
    text += fmt::format("{} that no training skill helps: {}\n", d.unreachable.size(),
                        names_of(d.unreachable, graph.eval_skills()));
  }
  for (std::size_t g = 0; g < d.groups.size() && g < kMostNamed; ++g) {
    text += fmt::format("{} that all help each other, directly or in turn: {}\n",
                        d.groups[g].size(), names_of(d.groups[g], graph.train_skills()));
  }
  if (d.groups.size() > kMostNamed)
    text += fmt::format("{} more such groups\n", d.groups.size() - kMostNamed);
  return text;
}

std::string outlook_line(const GraphDiagnosis& d) {
  switch (graph_outlook(d)) {
    case GraphOutlook::kNoPairs:
      return "expect nothing: with one skill there is nothing to choose";
    case GraphOutlook::kAllNoise:
      return "expect nothing: no more edges leave the noise than would by chance; use more seeds "
             "or longer probes";
    case GraphOutlook::kTooEmpty:
      return fmt::format(
          "too empty ({}): expect nothing over uniform; the paper saw no gain with "
          "3.9 % (Pile of Law). Skills this independent need no order",
          percent(d.density));
    case GraphOutlook::kTooDense:
      return fmt::format(
          "too dense ({}): expect nothing over uniform; the paper saw next to no "
          "gain with 97.4 % (Alpaca). When all help all, any order will do",
          percent(d.density));
    case GraphOutlook::kOneSeed:
      return fmt::format(
          "not known: one seed does not tell edges from noise, which alone makes about half of the "
          "pairs positive ({} here); learn with two or more (learn.seeds)",
          percent(d.density));
    case GraphOutlook::kUsable:
      break;
  }
  return fmt::format(
      "usable ({}): Skill-It can beat uniform here; the paper did with 42.7 % "
      "(Natural Instructions) and on LEGO with 15 %. Whether it does, a study shows",
      percent(d.density));
}

}  // namespace

std::string diagnosis_text(const GraphDiagnosis& diagnosis, const LearnedGraph& learned) {
  std::string outlook = outlook_line(diagnosis) + "\n";
  if (diagnosis.num_pairs == 0) return outlook;
  return edges_line(diagnosis) + evidence_lines(diagnosis) +
         structure_lines(diagnosis, learned.graph) + outlook;
}

}  // namespace skillit
