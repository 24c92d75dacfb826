#pragma once

#include <cstddef>
#include <string>

#include "skillit/report/study_summary.h"

namespace skillit {

struct TableOptions {
  std::size_t width = 100;  ///< Terminal cells; wider tables continue below.
  bool color = false;       ///< With terminal escapes: bold headings.
};

/// The summary for a terminal or a text file: each method's results, losses by skill, paired
/// differences with their verdicts, and the path of the mixtures. UTF-8.
[[nodiscard]] std::string to_table(const StudySummary& summary, const TableOptions& options = {});

}  // namespace skillit
