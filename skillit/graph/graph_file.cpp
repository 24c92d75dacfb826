#include "skillit/graph/graph_file.h"

#include <fmt/core.h>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/strict_json_private.h"
#include "skillit/graph/npy_file.h"

namespace skillit {
namespace {

std::string names_to_json(const SkillSet& skills) {
  std::string text;
  for (const auto& name : skills.names())
    text += (text.empty() ? "" : ", ") + detail::json_quoted(name);
  return "[" + text + "]";
}

void expect_count(std::size_t found, std::size_t expected, const std::string& where,
                  std::string_view what) {
  if (found == expected) return;
  fail(ErrorCode::kBadFormat,
       fmt::format("{}: {} {} found, {} expected", where, found, what, expected));
}

}  // namespace

SkillGraph parse_graph_json(std::string_view text, const std::string& where) {
  const detail::Json file = detail::parse_strict_json(text, where);
  detail::expect_keys(file, where, {"train_skills", "eval_skills", "weights"}, {"provenance"});
  const std::string train_place = where + ": train_skills";
  const std::string eval_place = where + ": eval_skills";
  SkillSet train(detail::json_strings(file["train_skills"], train_place), train_place);
  SkillSet eval(detail::json_strings(file["eval_skills"], eval_place), eval_place);
  const detail::Json& rows = detail::json_array(file["weights"], where + ": weights");
  expect_count(rows.size(), train.size(), where + ": weights", "rows (one per training skill)");
  std::vector<double> weights;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string place = fmt::format("{}: weights[{}] (row of '{}')", where, i, train[i]);
    const detail::Json& row = detail::json_array(rows[i], place);
    expect_count(row.size(), eval.size(), place, "weights (one per evaluation skill)");
    for (std::size_t j = 0; j < row.size(); ++j) {
      weights.push_back(detail::json_number(
          row[j], fmt::format("{}: the edge {} -> {}", where, train[i], eval[j])));
    }
  }
  return {std::move(train), std::move(eval), std::move(weights), where};
}

SkillGraph read_graph_json(const std::filesystem::path& path) {
  return parse_graph_json(read_file(path), path.string());
}

SkillGraph read_graph_npy(const std::filesystem::path& path, const SkillSet& train_skills,
                          const SkillSet& eval_skills) {
  NpyMatrix matrix = read_npy_matrix(path);
  if (matrix.rows != train_skills.size() || matrix.columns != eval_skills.size()) {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: is {} x {}, but there are {} training and {} evaluation skills; rows are "
                     "training skills",
                     path.string(), matrix.rows, matrix.columns, train_skills.size(),
                     eval_skills.size()));
  }
  return {train_skills, eval_skills, std::move(matrix.values), path.string()};
}

std::string graph_to_json(const SkillGraph& graph) {
  std::string text =
      fmt::format("{{\"train_skills\": {},\n \"eval_skills\": {},\n \"weights\": [",
                  names_to_json(graph.train_skills()), names_to_json(graph.eval_skills()));
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    text += i == 0 ? "\n  [" : ",\n  [";
    for (std::size_t j = 0; j < graph.eval_skills().size(); ++j) {
      text += fmt::format("{}{:.17g}", j == 0 ? "" : ", ", graph(i, j));
    }
    text += "]";
  }
  return text + "\n ]}\n";
}

void write_graph(const std::filesystem::path& path, const SkillGraph& graph) {
  if (path.extension() != ".npy") return write_file_atomically(path, graph_to_json(graph));
  std::vector<double> values;
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    values.insert(values.end(), graph.row(i).begin(), graph.row(i).end());
  }
  write_file_atomically(path,
                        npy_bytes(graph.train_skills().size(), graph.eval_skills().size(), values));
}

}  // namespace skillit
