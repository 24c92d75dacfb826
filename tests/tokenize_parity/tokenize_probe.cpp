// `skillit tokenize` alone, with its own files: a program that can train takes a quarter of a
// second to load torch, and the comparison starts it a hundred times.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "commands.h"

int main(int argc, char** argv) {
  CLI::App app{"skillit tokenize"};
  skillit::cli::add_tokenize_command(app);
  try {
    app.parse(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "skillit: {}\n", error.what());
    return 2;
  }
  return 0;
}
