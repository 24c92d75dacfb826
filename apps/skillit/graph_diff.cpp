#include <fmt/core.h>

#include <memory>
#include <string>
#include <utility>

#include "graph_commands.h"
#include "skillit/report/graph_diff_text.h"
#include "terminal.h"

namespace skillit::cli {
namespace {

struct DiffOptions {
  std::string first;
  std::string second;
  bool common = false;
  bool no_diagonal = false;
  bool json = false;
};

void diff(const DiffOptions& options) {
  LearnedGraph first = read_any_graph(options.first);
  LearnedGraph second = read_any_graph(options.second);
  if (options.common) {
    LearnedGraph part = common_part(first, second);
    second = common_part(second, first);
    fmt::print(stderr,
               "{} of {} training and {} of {} evaluation skills of the first are in both\n",
               part.graph.train_skills().size(), first.graph.train_skills().size(),
               part.graph.eval_skills().size(), first.graph.eval_skills().size());
    first = std::move(part);
  }
  const GraphComparison comparison = compare_graphs(first, second, !options.no_diagonal);
  if (options.json) {
    fmt::print("{}\n", comparison_to_json(comparison, first.graph));
  } else {
    fmt::print("{}", comparison_to_text(comparison, first.graph, output_width()));
  }
}

}  // namespace

void add_graph_diff_command(CLI::App& graph) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = graph.add_subcommand(
      "diff", "how alike two graphs are, and which edges came and went beyond noise");
  command->add_option("first", options->first, "graph, .json or .npy")
      ->type_name("FIRST")
      ->required();
  command->add_option("second", options->second, "graph with the same skills, in any order")
      ->type_name("SECOND")
      ->required();
  command->add_flag("--common", options->common,
                    "compare the skills that are in both, instead of refusing others");
  command->add_flag("--no-diagonal", options->no_diagonal,
                    "leave out the edges of a skill to itself");
  command->add_flag("--json", options->json, "print the comparison as JSON");
  command->footer(
      "Example:\n"
      "  skillit graph diff before.json after.json\n"
      "  skillit graph diff mine.json published.json --common --no-diagonal\n\n"
      "An edge counts as gained or lost when exactly one graph has it and, where both were "
      "measured with\n"
      "two or more seeds, the 95 % interval of the difference leaves zero out.");
  command->callback([options] { diff(*options); });
}

}  // namespace skillit::cli
