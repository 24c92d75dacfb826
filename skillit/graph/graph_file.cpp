#include "skillit/graph/graph_file.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

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

constexpr std::string_view kFormat = "skillit graph";
constexpr int kVersion = 1;
constexpr std::uint64_t kMostSeeds = std::numeric_limits<std::int64_t>::max();

void check_version(const detail::Json& file, const std::string& where) {
  if (!file.contains("format") && !file.contains("version")) return;
  if (file.contains("format") && file.contains("version") && file["format"] == kFormat &&
      file["version"] == kVersion)
    return;
  fail(ErrorCode::kBadFormat,
       fmt::format("{}: \"format\": \"{}\" with \"version\": {} was expected; a newer version "
                   "needs a newer skillit",
                   where, kFormat, kVersion));
}

/// Walks tables of one row per training and one column per evaluation skill.
class TableReader {
 public:
  TableReader(const SkillSet& train, const SkillSet& eval, const std::string& where)
      : train_(train), eval_(eval), where_(where) {}

  /// read(value, place) in row-major order.
  template <class Read>
  void each(const detail::Json& table, const std::string& name, const Read& read) const {
    const std::string place = where_ + ": " + name;
    const detail::Json& rows = detail::json_array(table, place);
    expect_count(rows.size(), train_.size(), place, "rows (one per training skill)");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string row_place = fmt::format("{}[{}] (row of '{}')", place, i, train_[i]);
      const detail::Json& row = detail::json_array(rows[i], row_place);
      expect_count(row.size(), eval_.size(), row_place,
                   fmt::format("{} (one per evaluation skill)", name));
      for (std::size_t j = 0; j < row.size(); ++j)
        read(row[j], fmt::format("{}: the edge {} -> {}", where_, train_[i], eval_[j]));
    }
  }

 private:
  const SkillSet& train_;
  const SkillSet& eval_;
  const std::string& where_;
};

std::vector<EdgeEstimate> read_edges(const detail::Json& tables, const TableReader& reader,
                                     const std::string& where) {
  detail::expect_keys(tables, where + ": edges", {"n", "mean", "standard_error", "in_noise"});
  std::vector<EdgeEstimate> edges;
  reader.each(tables["n"], "n", [&](const detail::Json& value, const std::string& edge) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMostSeeds)
      fail(ErrorCode::kBadFormat, edge + ": n must be a whole number from 0");
    edges.push_back({.n = value.get<std::int64_t>()});
  });
  std::size_t e = 0;
  reader.each(tables["mean"], "mean", [&](const detail::Json& value, const std::string& edge) {
    edges[e++].mean = detail::json_number(value, edge);
  });
  e = 0;
  reader.each(tables["standard_error"], "standard_error",
              [&](const detail::Json& value, const std::string& edge) {
                if (!value.is_null()) edges[e].standard_error = detail::json_number(value, edge);
                ++e;
              });
  e = 0;
  reader.each(tables["in_noise"], "in_noise",
              [&](const detail::Json& value, const std::string& edge) {
                if (!value.is_boolean())
                  fail(ErrorCode::kBadFormat, edge + ": in_noise must be true or false");
                edges[e++].in_noise = value.get<bool>();
              });
  return edges;
}

std::map<std::string, std::string> read_provenance(const detail::Json& value) {
  if (!value.is_object()) return {{"provenance", value.dump()}};
  std::map<std::string, std::string> provenance;
  for (const auto& [key, text] : value.items())
    provenance[key] = text.is_string() ? text.get<std::string>() : text.dump();
  return provenance;
}

/// `cell(i, j)` in rows, one per line.
template <class Cell>
std::string table_text(const SkillGraph& graph, const Cell& cell) {
  std::string text = "[";
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    text += i == 0 ? "\n  [" : ",\n  [";
    for (std::size_t j = 0; j < graph.eval_skills().size(); ++j)
      text += (j == 0 ? "" : ", ") + cell(i, j);
    text += "]";
  }
  return text + "\n ]";
}

std::string names_and_weights(const SkillGraph& graph) {
  return fmt::format("\"train_skills\": {},\n \"eval_skills\": {},\n \"weights\": {}",
                     names_to_json(graph.train_skills()), names_to_json(graph.eval_skills()),
                     table_text(graph, [&](std::size_t i, std::size_t j) {
                       return fmt::format("{:.17g}", graph(i, j));
                     }));
}

std::string edges_text(const LearnedGraph& learned) {
  const auto table = [&](const auto& cell) {
    return table_text(learned.graph, [&](std::size_t i, std::size_t j) {
      return std::string(cell(learned.edge(i, j)));
    });
  };
  return fmt::format(
      ",\n \"edges\": {{\"n\": {},\n \"mean\": {},\n \"standard_error\": {},\n \"in_noise\": {}}}",
      table([](const EdgeEstimate& edge) { return fmt::format("{}", edge.n); }),
      table([](const EdgeEstimate& edge) { return fmt::format("{:.17g}", edge.mean); }),
      table([](const EdgeEstimate& edge) {
        return std::isnan(edge.standard_error) ? std::string("null")
                                               : fmt::format("{:.17g}", edge.standard_error);
      }),
      table([](const EdgeEstimate& edge) { return edge.in_noise ? "true" : "false"; }));
}

std::string provenance_text(const std::map<std::string, std::string>& provenance) {
  std::string text;
  for (const auto& [key, value] : provenance)
    text += fmt::format("{}\n  {}: {}", text.empty() ? "" : ",", detail::json_quoted(key),
                        detail::json_quoted(value));
  return ",\n \"provenance\": {" + text + "}";
}

}  // namespace

LearnedGraph parse_learned_graph_json(std::string_view text, const std::string& where) {
  const detail::Json file = detail::parse_strict_json(text, where);
  detail::expect_keys(file, where, {"train_skills", "eval_skills", "weights"},
                      {"format", "version", "edges", "provenance"});
  check_version(file, where);
  const std::string train_place = where + ": train_skills";
  const std::string eval_place = where + ": eval_skills";
  SkillSet train(detail::json_strings(file["train_skills"], train_place), train_place);
  SkillSet eval(detail::json_strings(file["eval_skills"], eval_place), eval_place);
  const TableReader tables(train, eval, where);
  LearnedGraph learned;
  std::vector<double> weights;
  tables.each(file["weights"], "weights", [&](const detail::Json& value, const std::string& edge) {
    weights.push_back(detail::json_number(value, edge));
  });
  if (file.contains("edges")) learned.edges = read_edges(file["edges"], tables, where);
  if (file.contains("provenance")) learned.provenance = read_provenance(file["provenance"]);
  learned.graph = {std::move(train), std::move(eval), std::move(weights), where};
  return learned;
}

LearnedGraph read_learned_graph_json(const std::filesystem::path& path) {
  return parse_learned_graph_json(read_file(path), path.string());
}

SkillGraph parse_graph_json(std::string_view text, const std::string& where) {
  return parse_learned_graph_json(text, where).graph;
}

SkillGraph read_graph_json(const std::filesystem::path& path) {
  return parse_graph_json(read_file(path), path.string());
}

SkillGraph read_graph_npy(const std::filesystem::path& path, const SkillSet& train_skills,
                          const SkillSet& eval_skills, MatrixRows rows) {
  NpyMatrix matrix = read_npy_matrix(path);
  const std::size_t k = train_skills.size();
  const std::size_t m = eval_skills.size();
  const bool by_train = rows == MatrixRows::kTrainSkills;
  if (matrix.rows != (by_train ? k : m) || matrix.columns != (by_train ? m : k)) {
    fail(ErrorCode::kMismatch,
         fmt::format("{}: is {} x {}, but there are {} training and {} evaluation skills; rows are "
                     "{} skills",
                     path.string(), matrix.rows, matrix.columns, k, m,
                     by_train ? "training" : "evaluation"));
  }
  if (by_train) return {train_skills, eval_skills, std::move(matrix.values), path.string()};
  std::vector<double> weights(k * m);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < m; ++j) weights[i * m + j] = matrix.values[j * k + i];
  }
  return {train_skills, eval_skills, std::move(weights), path.string()};
}

std::string graph_to_json(const SkillGraph& graph) {
  return "{" + names_and_weights(graph) + "}\n";
}

std::string learned_graph_to_json(const LearnedGraph& learned) {
  return fmt::format("{{\"format\": \"{}\", \"version\": {},\n {}{}{}}}\n", kFormat, kVersion,
                     names_and_weights(learned.graph),
                     learned.edges.empty() ? "" : edges_text(learned),
                     provenance_text(learned.provenance));
}

void write_graph(const std::filesystem::path& path, const SkillGraph& graph) {
  if (path.extension() == ".npy") return write_graph_npy(path, graph, MatrixRows::kTrainSkills);
  write_file_atomically(path, graph_to_json(graph));
}

void write_graph_npy(const std::filesystem::path& path, const SkillGraph& graph, MatrixRows rows) {
  const std::size_t k = graph.train_skills().size();
  const std::size_t m = graph.eval_skills().size();
  const bool by_train = rows == MatrixRows::kTrainSkills;
  std::vector<double> values(k * m);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < m; ++j) values[by_train ? i * m + j : j * k + i] = graph(i, j);
  }
  write_file_atomically(path, npy_bytes(by_train ? k : m, by_train ? m : k, values));
}

void write_learned_graph(const std::filesystem::path& path, const LearnedGraph& learned) {
  write_file_atomically(path, learned_graph_to_json(learned));
}

}  // namespace skillit
