#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "skillit/skill/skill_graph.h"

namespace skillit {

/// Reads a skills graph written as JSON:
///   {"train_skills": ["a", "b"], "eval_skills": ["a", "b"], "weights": [[1, 0.5], [0, 1]]}
/// One row of weights per training skill. Where it came from may be told under "provenance", in any
/// form; every other key is refused. @throws Error kBadFormat (file, place, found and expected),
/// kBadArgument (a name), kIo.
[[nodiscard]] SkillGraph read_graph_json(const std::filesystem::path& path);
/// The same from text in memory; `where` begins the messages.
[[nodiscard]] SkillGraph parse_graph_json(std::string_view text, const std::string& where);

/// Reads a bare matrix (.npy), whose names the caller knows: rows are training skills.
/// @throws Error kMismatch when the names do not fit the shape, kBadFormat, kIo.
[[nodiscard]] SkillGraph read_graph_npy(const std::filesystem::path& path,
                                        const SkillSet& train_skills, const SkillSet& eval_skills);

/// Text that parse_graph_json() turns into the same graph, bit for bit; one row per line.
[[nodiscard]] std::string graph_to_json(const SkillGraph& graph);

/// Writes JSON, or a bare '<f8' matrix when `path` ends in .npy. @throws Error kIo.
void write_graph(const std::filesystem::path& path, const SkillGraph& graph);

}  // namespace skillit
