#include "skillit/report/graph_html.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "skillit/base/strict_json_private.h"
#include "skillit/report/graph_page_private.h"
#include "skillit/report/graph_palette.h"
#include "skillit/report/graph_view.h"
#include "skillit/report/html_page_private.h"
#include "skillit/report/svg_canvas.h"

namespace skillit {
namespace {

template <class Items, class ToText>
std::string json_list(const Items& items, const ToText& to_text) {
  std::string text = "[";
  for (const auto& item : items) {
    if (text.size() > 1) text += ',';
    text += to_text(item);
  }
  return text + "]";
}

std::string json_strings(std::span<const std::string> strings) {
  return json_list(strings, detail::json_quoted);
}

std::string json_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.6g}", value) : "null";
}

std::string weights(const SkillGraph& graph) {
  std::string text = "[";
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    for (const double weight : graph.row(i)) {
      if (text.size() > 1) text += ',';
      text += json_number(weight);
    }
  }
  return text + "]";
}

/// Parallel lists by place; "null" when nothing is known.
std::string evidence(const LearnedGraph& learned) {
  if (learned.edges.empty()) return "null";
  const auto& edges = learned.edges;
  return fmt::format(
      "{{\"n\":{},\"mean\":{},\"reach\":{},\"noise\":{}}}",
      json_list(edges, [](const EdgeEstimate& e) { return std::to_string(e.n); }),
      json_list(edges, [](const EdgeEstimate& e) { return json_number(e.mean); }),
      json_list(edges, [](const EdgeEstimate& e) { return json_number(interval_reach(e)); }),
      json_list(edges, [](const EdgeEstimate& e) { return std::string(e.in_noise ? "1" : "0"); }));
}

std::string colors(Ground ground) {
  constexpr int kSteps = 8;
  std::string text;
  for (int step = -kSteps; step <= kSteps; ++step) {
    text += fmt::format("{}\"{}\"", text.empty() ? "" : ",",
                        hex(diverging_color(static_cast<double>(step) / kSteps, ground)));
  }
  return "[" + text + "]";
}

std::string page_data(const LearnedGraph& learned, std::span<const std::string> diagnosis,
                      const GraphHtmlOptions& options) {
  std::string provenance;
  for (const auto& [key, value] : learned.provenance) {
    provenance += fmt::format("{}[{},{}]", provenance.empty() ? "" : ",", detail::json_quoted(key),
                              detail::json_quoted(value));
  }
  return detail::without_tags(fmt::format(
      "{{\"train\":{},\"eval\":{},\"weights\":{},\"evidence\":{},\"full\":{},\"threshold\":{},"
      "\"diagnosis\":{},\"provenance\":[{}],\"light\":{},\"dark\":{}}}",
      json_strings(learned.graph.train_skills().names()),
      json_strings(learned.graph.eval_skills().names()), weights(learned.graph), evidence(learned),
      json_number(full_color_weight(learned.graph)), json_number(options.threshold),
      json_strings(diagnosis), provenance, colors(Ground::kLight), colors(Ground::kDark)));
}

}  // namespace

std::string graph_to_html(const LearnedGraph& learned, std::span<const std::string> diagnosis,
                          std::string_view charts_script, const GraphHtmlOptions& options) {
  const std::string title = xml_escaped(options.title);
  const std::string data = page_data(learned, diagnosis, options);
  const std::string charts = detail::charts_element(charts_script);
  const std::array<std::pair<std::string_view, std::string_view>, 4> values = {
      {{"{{title}}", title}, {"{{title}}", title}, {"{{data}}", data}, {"{{charts}}", charts}}};
  return detail::filled(detail::graph_page(), values);
}

}  // namespace skillit
