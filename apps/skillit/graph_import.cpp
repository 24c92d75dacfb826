#include <fmt/core.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "graph_commands.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/graph/graph_file.h"

namespace skillit::cli {
namespace {

struct ImportOptions {
  std::string matrix;
  std::string rows;
  std::string train_skills;
  std::string eval_skills;
  std::string out;
};

/// A file with one name per line, in the order of the matrix; empty lines do not count.
SkillSet read_names(const std::string& path) {
  std::istringstream text(read_file(path));
  std::vector<std::string> names;
  for (std::string line; std::getline(text, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) names.push_back(line);
  }
  return SkillSet(std::move(names), path);
}

void import_matrix(const ImportOptions& options) {
  const SkillSet train = read_names(options.train_skills);
  const SkillSet eval = options.eval_skills.empty() ? train : read_names(options.eval_skills);
  const SkillGraph graph =
      read_graph_npy(options.matrix, train, eval,
                     options.rows == "train" ? MatrixRows::kTrainSkills : MatrixRows::kEvalSkills);
  write_learned_graph(options.out, {graph, {}, {{"imported from", options.matrix}}});
  fmt::print("{} holds the graph of {} training and {} evaluation skills\n", options.out,
             train.size(), eval.size());
}

}  // namespace

void add_graph_import_command(CLI::App& graph) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command =
      graph.add_subcommand("import", "give a bare matrix (.npy) names: a graph file");
  command->add_option("matrix", options->matrix, "matrix of weights, .npy")
      ->type_name("MATRIX")
      ->required();
  command->add_option("--rows", options->rows, "what its rows are: train here, eval in Aioli")
      ->check(CLI::IsMember({"train", "eval"}))
      ->required();
  command
      ->add_option("--train-skills", options->train_skills,
                   "training skills, a name per line, in the order of the matrix")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--eval-skills", options->eval_skills,
                   "evaluation skills; left out = the training skills")
      ->type_name("FILE");
  command->add_option("--out", options->out, "graph to write, .json")
      ->type_name("FILE")
      ->required();
  command->footer(
      "Example:\n"
      "  skillit graph import aioli.npy --rows eval --train-skills names.txt --out graph.json");
  command->callback([options] { import_matrix(*options); });
}

}  // namespace skillit::cli
