#pragma once

#include <filesystem>

#include "skillit/report/read_studies.h"
#include "skillit/report/study_summary.h"

namespace skillit::cli {

/// Whether this program carries the charts of the page.
[[nodiscard]] bool can_write_html();
/// Writes the page. @throws Error kNotFound when it carries no charts, kIo.
void write_html_report(const std::filesystem::path& file, const StudyRecords& records,
                       const StudySummary& summary);

}  // namespace skillit::cli
