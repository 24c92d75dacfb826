#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "skillit/graph/learned_graph.h"

namespace skillit {

/// Reads a skills graph written as JSON:
///   {"train_skills": ["a", "b"], "eval_skills": ["a", "b"], "weights": [[1, 0.5], [0, 1]]}
/// One row of weights per training skill. Where it came from may be told under "provenance", in any
/// form. A learned graph says more: "format": "skillit graph", "version": 1, and under "edges" the
/// evidence as four tables of the shape of the weights: n, mean, standard_error (null = not known),
/// in_noise. Every other key is refused. @throws Error kBadFormat (file, place, found and
/// expected), kBadArgument (a name), kIo.
[[nodiscard]] SkillGraph read_graph_json(const std::filesystem::path& path);
/// The same from text in memory; `where` begins the messages.
[[nodiscard]] SkillGraph parse_graph_json(std::string_view text, const std::string& where);

/// The same with evidence and provenance; without "edges" the evidence is empty. Provenance that is
/// not text is kept as JSON text.
[[nodiscard]] LearnedGraph read_learned_graph_json(const std::filesystem::path& path);
[[nodiscard]] LearnedGraph parse_learned_graph_json(std::string_view text,
                                                    const std::string& where);

/// What the rows of a bare matrix are: this project's way round, or the other (as Aioli's).
enum class MatrixRows { kTrainSkills, kEvalSkills };

/// Reads a bare matrix (.npy), whose names and rows the caller knows. @throws Error kMismatch when
/// the names do not fit the shape, kBadFormat, kIo.
[[nodiscard]] SkillGraph read_graph_npy(const std::filesystem::path& path,
                                        const SkillSet& train_skills, const SkillSet& eval_skills,
                                        MatrixRows rows = MatrixRows::kTrainSkills);

/// Text that the functions above turn into the same graph, bit for bit; one row per line.
[[nodiscard]] std::string graph_to_json(const SkillGraph& graph);
[[nodiscard]] std::string learned_graph_to_json(const LearnedGraph& learned);

/// Writes JSON, or a bare '<f8' matrix when `path` ends in .npy. @throws Error kIo.
void write_graph(const std::filesystem::path& path, const SkillGraph& graph);
/// @throws Error kIo.
void write_graph_npy(const std::filesystem::path& path, const SkillGraph& graph, MatrixRows rows);
/// JSON with evidence and provenance. @throws Error kIo.
void write_learned_graph(const std::filesystem::path& path, const LearnedGraph& learned);

}  // namespace skillit
