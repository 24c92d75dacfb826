#pragma once

#include <string>

#include "skillit/report/study_summary.h"

namespace skillit {

/// The whole summary as JSON text (summary.json); what has no value is null.
[[nodiscard]] std::string to_json(const StudySummary& summary);

}  // namespace skillit
