// Readers of text that is in memory: graphs, losses, matrices, recipes, models'
// configurations, questions.
#include "fuzz/support.h"
#include "fuzz/targets.h"
#include "skillit/config/dump.h"
#include "skillit/config/load.h"
#include "skillit/data/answer_task.h"
#include "skillit/graph/graph_file.h"
#include "skillit/graph/npy_file.h"
#include "skillit/nn/model_config.h"
#include "skillit/record/losses_file.h"
#include "skillit/run/recipe.h"

namespace skillit::fuzz {

void read_graph(std::string_view bytes) {
  expect_answer_or_error([&] {
    const LearnedGraph graph = parse_learned_graph_json(bytes, "graph.json");
    // What was read can be written and is the same again.
    const std::string text = learned_graph_to_json(graph);
    if (learned_graph_to_json(parse_learned_graph_json(text, "again")) != text)
      throw std::logic_error("a graph changes when it is written and read");
  });
}

void read_losses(std::string_view bytes) {
  LossLog log;
  while (!bytes.empty())
    expect_answer_or_error([&] { log.add_record(take_until(bytes, "\n"), "losses.jsonl"); });
}

void read_npy(std::string_view bytes) {
  expect_answer_or_error([&] {
    const NpyMatrix matrix = parse_npy_matrix(bytes, "graph.npy");
    if (matrix.values.size() != matrix.rows * matrix.columns)
      throw std::logic_error("a matrix has not as many values as rows and columns say");
  });
}

void read_model_config(std::string_view bytes) {
  expect_answer_or_error([&] {
    const Architecture model = parse_model_config(std::string(bytes), "config.json");
    std::string written;
    try {
      written = make_model_config(model);
    } catch (const Error&) {
      throw std::logic_error("a model was read that cannot be written");
    }
    if (parse_model_config(written, "again") != model)
      throw std::logic_error("a model changes when it is written and read");
  });
}

void read_answer_task(std::string_view bytes) {
  expect_answer_or_error([&] {
    const AnswerTask task = parse_answer_task("arc_easy", bytes, "task.jsonl");
    for (const TaskItem& item : task.items) {
      if (item.right >= item.answers.size()) throw std::logic_error("no answer is the right one");
    }
  });
}

void read_recipe(std::string_view bytes) {
  const std::string_view text = take_until(bytes, std::string_view("\0", 1));
  // Behind a zero byte stands what the command line adds.
  const std::vector<std::string> overrides{std::string(bytes)};
  expect_answer_or_error([&] {
    Recipe recipe;
    config::load_yaml(recipe, text, "recipe.yaml",
                      std::span(overrides).first(bytes.empty() ? 0 : 1));
    Recipe again;
    config::load_yaml(again, config::dump_yaml(recipe), "again.yaml");
    if (config::dump_yaml(again) != config::dump_yaml(recipe))
      throw std::logic_error("a recipe changes when it is written and read");
  });
}

}  // namespace skillit::fuzz
