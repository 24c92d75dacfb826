#pragma once

#include <CLI/CLI.hpp>

namespace skillit::cli {

/// Each adds one verb to the program: its options, its help with an example, and a callback that
/// makes one library call. One file cmd_<verb>.cpp each.
void add_graph_command(CLI::App& app);
void add_mix_command(CLI::App& app);
void add_tokenize_command(CLI::App& app);
void add_data_command(CLI::App& app);
void add_compare_command(CLI::App& app);
#ifdef SKILLIT_TRAIN
void add_run_command(CLI::App& app);
void add_plan_command(CLI::App& app);
void add_export_command(CLI::App& app);
void add_eval_command(CLI::App& app);
void add_sample_command(CLI::App& app);
void add_recipe_command(CLI::App& app);
#endif

}  // namespace skillit::cli
