#pragma once

#include <CLI/CLI.hpp>

namespace skillit::cli {

/// Each adds one verb below `skillit data`. One file data_<verb>.cpp each.
void add_data_pack_command(CLI::App& data);
void add_data_inspect_command(CLI::App& data);
void add_data_stats_command(CLI::App& data);
void add_data_verify_command(CLI::App& data);

}  // namespace skillit::cli
