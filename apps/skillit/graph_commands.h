#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "skillit/graph/learned_graph.h"

namespace skillit::cli {

/// Each adds one verb below `skillit graph`, in a file of its own.
void add_graph_show_command(CLI::App& graph);
void add_graph_diff_command(CLI::App& graph);
void add_graph_import_command(CLI::App& graph);
#ifdef SKILLIT_TRAIN
void add_graph_learn_command(CLI::App& graph);
void add_graph_check_command(CLI::App& graph);
#endif

/// Prints the graph as `graph show` does.
void print_graph(const LearnedGraph& learned, double threshold = 0);

/// A graph from .json, or from a bare .npy matrix (rows are training skills), whose skills are then
/// called by their numbers.
[[nodiscard]] LearnedGraph read_any_graph(const std::string& path);

}  // namespace skillit::cli
