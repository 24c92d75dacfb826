#include <filesystem>
#include <string>
#include <vector>

#include "commands.h"
#include "graph_commands.h"
#include "skillit/graph/graph_file.h"
#include "skillit/graph/npy_file.h"

namespace skillit::cli {
namespace {

SkillSet numbers(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i + 1));
  return SkillSet(std::move(names));
}

}  // namespace

LearnedGraph read_any_graph(const std::string& path) {
  if (std::filesystem::path(path).extension() != ".npy") return read_learned_graph_json(path);
  NpyMatrix matrix = read_npy_matrix(path);
  LearnedGraph learned;
  learned.graph =
      SkillGraph(numbers(matrix.rows), numbers(matrix.columns), std::move(matrix.values), path);
  return learned;
}

void add_graph_command(CLI::App& app) {
  CLI::App* graph =
      app.add_subcommand("graph", "learn skills graphs, look at them and compare them");
  graph->require_subcommand(1);
  graph->footer(
      "Example:\n"
      "  skillit graph learn graph-lego\n"
      "  skillit graph show graph.json --html graph.html\n"
      "  skillit graph diff before.json after.json\n\n"
      "Each explains itself: skillit graph show --help");
  add_graph_show_command(*graph);
  add_graph_diff_command(*graph);
  add_graph_import_command(*graph);
#ifdef SKILLIT_TRAIN
  add_graph_learn_command(*graph);
  add_graph_check_command(*graph);
#endif
}

}  // namespace skillit::cli
