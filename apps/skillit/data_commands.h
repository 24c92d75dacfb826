#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "skillit/data/pack_index.h"

namespace skillit::cli {

/// Each adds one verb below `skillit data`. One file data_<verb>.cpp each.
void add_data_pack_command(CLI::App& data);
void add_data_import_command(CLI::App& data);
void add_data_inspect_command(CLI::App& data);
void add_data_stats_command(CLI::App& data);
void add_data_verify_command(CLI::App& data);
void add_data_blend_command(CLI::App& data);

/// "name=value" at its first '='. `what` says where it stands. @throws Error kBadArgument.
[[nodiscard]] std::pair<std::string, std::string> split_named(const std::string& text,
                                                              std::string_view what);
/// What a new pack holds, as a table.
void print_pack(const std::string& folder, const PackIndex& index);

}  // namespace skillit::cli
