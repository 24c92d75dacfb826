#include "skillit/report/study_html.h"

#include <array>
#include <utility>

#include "skillit/report/html_page_private.h"
#include "skillit/report/study_page_private.h"
#include "skillit/report/svg_canvas.h"

namespace skillit {

std::string study_to_html(std::span<const RunRecord> runs, const StudySummary& summary,
                          const std::optional<LearnedGraph>& graph,
                          std::string_view charts_script) {
  const std::string title = xml_escaped(summary.study);
  const std::string data = detail::without_tags(study_page_data(runs, summary, graph));
  const std::string charts = detail::charts_element(charts_script);
  const std::array<std::pair<std::string_view, std::string_view>, 6> values = {
      {{"{{title}}", title},
       {"{{style}}", detail::study_page_style()},
       {"{{title}}", title},
       {"{{data}}", data},
       {"{{charts}}", charts},
       {"{{script}}", detail::study_page_script()}}};
  return detail::filled(detail::study_page(), values);
}

}  // namespace skillit
