#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "skillit/graph/learned_graph.h"
#include "skillit/record/run_record.h"
#include "skillit/report/study_summary.h"

namespace skillit {

/// One self-contained page of a study that opens offline: the verdict in words, results with
/// intervals, paired differences, loss over training with the spread of the seeds, mixtures, what
/// was asked for and delivered, the graph, costs, how the configurations differ, and where it all
/// came from. `summary` is of `runs`; `graph` is the one the runs used. `charts_script` is the
/// source of Apache ECharts 6 (echarts.min.js), which the page carries.
/// @throws Error kBadArgument when `charts_script` cannot stand inside a page ("</script").
[[nodiscard]] std::string study_to_html(std::span<const RunRecord> runs,
                                        const StudySummary& summary,
                                        const std::optional<LearnedGraph>& graph,
                                        std::string_view charts_script);

/// What the page shows, as JSON: {"summary": summary.json, "curves": [...], "delivered": [...],
/// "graph": {...} or null, "configuration": {...}, "provenance": [...]}; lists are by method.
[[nodiscard]] std::string study_page_data(std::span<const RunRecord> runs,
                                          const StudySummary& summary,
                                          const std::optional<LearnedGraph>& graph);

}  // namespace skillit
