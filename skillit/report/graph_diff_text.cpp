#include "skillit/report/graph_diff_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "skillit/report/graph_heat_text.h"
#include "skillit/report/graph_view.h"
#include "skillit/report/text_layout.h"

namespace skillit {
namespace {

using Json = nlohmann::ordered_json;  // NaN becomes null.

constexpr int kFormatVersion = 1;
constexpr std::size_t kMostListed = 15;
constexpr std::size_t kLeastWidth = 60;

std::string correlation_text(double value) {
  return std::isnan(value) ? "not defined (one graph has the same weight everywhere)"
                           : fmt::format("{:+.3f}", value);
}

std::string changes_text(const std::string& what, const std::vector<EdgeChange>& changes,
                         const SkillGraph& graph, std::size_t width) {
  std::string text = fmt::format("\n{}: {}\n", what, changes.size());
  const std::size_t name = std::min<std::size_t>((width - 26) / 2, 34);
  for (std::size_t c = 0; c < std::min(changes.size(), kMostListed); ++c) {
    const EdgeChange& change = changes[c];
    text += fmt::format("  {:>6} became {:>6}  {} → {}\n", weight_text(change.before),
                        weight_text(change.after),
                        printable_name(graph.train_skills()[change.train], name),
                        printable_name(graph.eval_skills()[change.eval], name));
  }
  if (changes.size() > kMostListed)
    text += fmt::format("  and {} smaller ones\n", changes.size() - kMostListed);
  return text;
}

Json changes_value(const std::vector<EdgeChange>& changes, const SkillGraph& graph) {
  Json list = Json::array();
  for (const EdgeChange& change : changes) {
    list.push_back({{"train", graph.train_skills()[change.train]},
                    {"eval", graph.eval_skills()[change.eval]},
                    {"before", change.before},
                    {"after", change.after}});
  }
  return list;
}

}  // namespace

std::string comparison_to_text(const GraphComparison& comparison, const SkillGraph& first,
                               std::size_t given_width) {
  const std::size_t width = std::max(given_width, kLeastWidth);
  std::string text = fmt::format("{} pairs of skills compared\n", comparison.num_edges);
  text += fmt::format("correlation of the weights  {}\n", correlation_text(comparison.correlation));
  text += fmt::format("rank correlation            {}\n",
                      correlation_text(comparison.rank_correlation));
  text += changes_text("Edges gained", comparison.gained, first, width);
  text += changes_text("Edges lost", comparison.lost, first, width);
  text += changes_text("Edges of the other sign", comparison.sign_changes, first, width);
  if (comparison.changed_in_noise > 0) {
    text += "\n" + wrap("",
                        fmt::format("{} more changes are within the noise and not listed.",
                                    comparison.changed_in_noise),
                        width);
  }
  return text;
}

std::string comparison_to_json(const GraphComparison& comparison, const SkillGraph& first) {
  const Json json = {{"format_version", kFormatVersion},
                     {"pairs", comparison.num_edges},
                     {"correlation", comparison.correlation},
                     {"rank_correlation", comparison.rank_correlation},
                     {"gained", changes_value(comparison.gained, first)},
                     {"lost", changes_value(comparison.lost, first)},
                     {"sign_changes", changes_value(comparison.sign_changes, first)},
                     {"changed_in_noise", comparison.changed_in_noise}};
  return json.dump(2);
}

}  // namespace skillit
