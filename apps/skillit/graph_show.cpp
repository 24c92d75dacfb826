#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "charts_script.h"
#include "graph_commands.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/graph/diagnose_graph.h"
#include "skillit/graph/graph_export.h"
#include "skillit/graph/graph_file.h"
#include "skillit/report/graph_html.h"
#include "skillit/report/graph_json.h"
#include "skillit/report/graph_svg.h"
#include "skillit/report/graph_terminal.h"
#include "terminal.h"

namespace skillit::cli {
namespace {

struct ShowOptions {
  std::string file;
  std::string svg;
  std::string html;
  std::string dot;
  std::string csv;
  std::string npy;
  std::string rows = "train";
  double threshold = 0;
  bool json = false;
};

/// Writes one file and says so on standard error, so that --json stays alone on standard output.
void write_and_say(const std::string& path, const std::string& text) {
  write_file_atomically(path, text);
  fmt::print(stderr, "wrote {} ({} kB)\n", path, (text.size() + 999) / 1000);
}

std::vector<std::string> diagnosis_lines(const LearnedGraph& learned) {
  std::vector<std::string> lines;
  std::istringstream text(diagnosis_text(diagnose_graph(learned), learned));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

void expect_charts_script() {
  if (!charts_script().empty()) return;
  fail(ErrorCode::kNotFound,
       "--html: this program was built without Apache ECharts; run 'scripts/setup.sh charts' in "
       "the source folder and build again, or use --svg");
}

void write_html(const ShowOptions& options, const LearnedGraph& learned,
                const std::vector<std::string>& diagnosis) {
  const std::string title =
      fmt::format("Skills graph {}", std::filesystem::path(options.file).filename().string());
  write_and_say(options.html, graph_to_html(learned, diagnosis, charts_script(),
                                            {.title = title, .threshold = options.threshold}));
}

void show(const ShowOptions& options) {
  if (!options.html.empty()) expect_charts_script();
  const LearnedGraph learned = read_any_graph(options.file);
  const std::vector<std::string> diagnosis = diagnosis_lines(learned);
  if (!options.svg.empty()) write_and_say(options.svg, graph_to_svg(learned, options.threshold));
  if (!options.html.empty()) write_html(options, learned, diagnosis);
  if (!options.dot.empty()) write_and_say(options.dot, graph_to_dot(learned.graph));
  if (!options.csv.empty()) write_and_say(options.csv, graph_to_csv(learned));
  if (!options.npy.empty()) {
    const bool by_train = options.rows == "train";
    write_graph_npy(options.npy, learned.graph,
                    by_train ? MatrixRows::kTrainSkills : MatrixRows::kEvalSkills);
    fmt::print(stderr, "wrote {}\n", options.npy);
  }
  if (options.json) {
    fmt::print("{}\n", graph_view_to_json(learned, diagnosis, options.threshold));
    return;
  }
  print_graph(learned, options.threshold);
}

}  // namespace

void print_graph(const LearnedGraph& learned, double threshold) {
  fmt::print("{}", graph_to_terminal(
                       learned, diagnosis_lines(learned),
                       {.width = output_width(), .color = output_color(), .threshold = threshold}));
}

void add_graph_show_command(CLI::App& graph) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = graph.add_subcommand(
      "show", "a graph as a heat map with its strongest edges, here or as a picture");
  command
      ->add_option("file", options->file,
                   "graph, .json or .npy (rows are training skills, named by their numbers)")
      ->type_name("FILE")
      ->required();
  command->add_option("--svg", options->svg, "write the heat map as a picture")->type_name("FILE");
  command
      ->add_option("--html", options->html,
                   "write a page with heat map, network and a threshold slider; opens offline")
      ->type_name("FILE");
  command->add_option("--dot", options->dot, "write all edges for Graphviz")->type_name("FILE");
  command->add_option("--csv", options->csv, "write all edges with their evidence as a table")
      ->type_name("FILE");
  auto* npy = command->add_option("--npy", options->npy, "write the weights as a bare matrix");
  npy->type_name("FILE");
  command->add_option("--rows", options->rows, "what the rows of --npy are")
      ->check(CLI::IsMember({"train", "eval"}))
      ->capture_default_str()
      ->needs(npy);
  command
      ->add_option("--threshold", options->threshold,
                   "weights below it in size count as no edge where the graph is drawn")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_flag("--json", options->json, "print counts and strongest edges as JSON");
  command->footer(
      "Example:\n"
      "  skillit graph show graph.json\n"
      "  skillit graph show graph.json --threshold 0.05 --svg graph.svg --html graph.html\n\n"
      "Colour is left out when the output is no terminal or NO_COLOR is set.");
  command->callback([options] { show(*options); });
}

}  // namespace skillit::cli
