#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "commands.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/record/run_folder.h"
#include "skillit/report/read_studies.h"
#include "skillit/report/study_csv.h"
#include "skillit/report/summary_json.h"
#include "skillit/report/summary_table.h"
#include "skillit/report/tensorboard.h"
#include "study_report.h"
#include "terminal.h"

namespace skillit::cli {
namespace {

namespace fs = std::filesystem;

struct CompareArguments {
  std::vector<std::string> folders;
  std::string against;
  double threshold = 0;  ///< 0 = as the study says.
  std::string html;
  std::string csv;
  std::string curves_csv;
  std::string tensorboard;
  bool no_html = false;
  bool json = false;
};

/// Says so on standard error, so that --json stays alone on standard output.
void write_and_say(const fs::path& path, const std::string& text) {
  write_file_atomically(path, text);
  fmt::print(stderr, "wrote {}\n", path.string());
}

/// The page's place when none is given: beside the first study, or in the folder of a single run.
fs::path default_page(const CompareArguments& arguments) {
  return fs::path(arguments.folders.front()) / "report.html";
}

void write_page(const CompareArguments& arguments, const StudyRecords& records,
                const StudySummary& summary) {
  const bool wanted = !arguments.html.empty();
  if (!wanted && (arguments.no_html || !can_write_html())) return;
  const fs::path file = wanted ? fs::path(arguments.html) : default_page(arguments);
  write_html_report(file, records, summary);
  fmt::print(stderr, "wrote {}\n", file.string());
}

/// One event file for each run, in a folder of its own, as TensorBoard tells runs apart.
void write_tensorboard(const fs::path& folder, const std::vector<RunRecord>& runs) {
  for (const RunRecord& run : runs) {
    std::string name = run.manifest.method;
    for (char& c : name) {
      if (c == ':') c = '-';
    }
    std::replace(name.begin(), name.end(), '/', '_');
    write_file_atomically(
        folder / name / fmt::format("seed{}", run.manifest.seed) / "events.out.tfevents.0.skillit",
        to_tensorboard(run));
  }
  fmt::print(stderr, "wrote {} event files below {}; look at them with: tensorboard --logdir {}\n",
             runs.size(), folder.string(), folder.string());
}

void compare(const CompareArguments& arguments) {
  const std::vector<fs::path> folders(arguments.folders.begin(), arguments.folders.end());
  const StudyRecords records = read_studies(folders);
  SummaryOptions options;
  options.against = arguments.against;
  if (records.threshold) options.threshold = *records.threshold;
  if (arguments.threshold > 0) options.threshold = arguments.threshold;
  const StudySummary summary = summarize(records.runs, options);
  if (arguments.json) {
    fmt::print("{}", to_json(summary));
  } else {
    fmt::print("{}", to_table(summary, {.width = std::max<std::size_t>(40, output_width()),
                                        .color = ::isatty(STDOUT_FILENO) == 1}));
  }
  std::fflush(stdout);
  if (!arguments.csv.empty()) write_and_say(arguments.csv, results_to_csv(records.runs, summary));
  if (!arguments.curves_csv.empty())
    write_and_say(arguments.curves_csv, curves_to_csv(records.runs));
  if (!arguments.tensorboard.empty()) write_tensorboard(arguments.tensorboard, records.runs);
  write_page(arguments, records, summary);
}

}  // namespace

void add_compare_command(CLI::App& app) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = app.add_subcommand(
      "compare", "what studies say: verdict, table, paired statistics, and a page with the charts");
  command
      ->add_option("folders", arguments->folders,
                   "folders of studies (runs/lego) or of runs (runs/lego/random/seed0)")
      ->required()
      ->type_name("RUN");
  command
      ->add_option("--against", arguments->against,
                   "compare with this method only, so that fewer comparisons have to be corrected")
      ->type_name("METHOD");
  command
      ->add_option("--threshold", arguments->threshold,
                   "mean loss whose first crossing is reported; else the study's, else 0.1")
      ->check(CLI::PositiveNumber)
      ->type_name("X");
  command->add_flag("--json", arguments->json, "print the numbers for a program instead");
  CLI::Option* html =
      command
          ->add_option("--html", arguments->html,
                       "where the page goes; else report.html in the first folder; opens offline")
          ->type_name("FILE");
  command->add_flag("--no-html", arguments->no_html, "write no page")->excludes(html);
  command->add_option("--csv", arguments->csv, "write the results of each run as a table")
      ->type_name("FILE");
  command
      ->add_option("--curves-csv", arguments->curves_csv,
                   "write every step, evaluation and round as a table")
      ->type_name("FILE");
  command
      ->add_option("--tensorboard", arguments->tensorboard,
                   "write an event file for each run below this folder")
      ->type_name("FOLDER");
  command->footer(
      "Example:\n"
      "  skillit compare runs/lego                               table, and runs/lego/report.html\n"
      "  skillit compare runs/lego --against stratified          fewer comparisons\n"
      "  skillit compare runs/lego runs/lego-small --html both.html\n\n"
      "docs/compare.md says what each number means.");
  command->callback([arguments] { compare(*arguments); });
}

}  // namespace skillit::cli
