#include "study_report.h"

#include "charts_script.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/report/study_html.h"

namespace skillit::cli {

bool can_write_html() {
  return !charts_script().empty();
}

void write_html_report(const std::filesystem::path& file, const StudyRecords& records,
                       const StudySummary& summary) {
  if (!can_write_html()) {
    fail(ErrorCode::kNotFound,
         "--html: this program was built without Apache ECharts; run 'scripts/setup.sh charts' in "
         "the source folder and build again");
  }
  write_file_atomically(file, study_to_html(records.runs, summary, records.graph, charts_script()));
}

}  // namespace skillit::cli
