#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "commands.h"
#include "skillit/base/error.h"

namespace {

constexpr int kUserError = 2;

/// The parser alone would only say that a command is missing. Goes down as far as there are
/// commands below commands.
void refuse_unknown_command(CLI::App& app, std::span<char*> words) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  if (names.empty() || words.empty()) return;
  const std::string word = words.front();
  if (std::find(names.begin(), names.end(), word) != names.end()) {
    return refuse_unknown_command(*app.get_subcommand(word), words.subspan(1));
  }
  if (app.get_option_no_throw(word) != nullptr) return;
  const std::string nearest = skillit::nearest_name(word, names);
  skillit::fail(skillit::ErrorCode::kNotFound,
                fmt::format("there is no command '{}'{}; the commands are: {}", word,
                            nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                            fmt::join(names, ", ")));
}

int run(int argc, char** argv) {
  CLI::App app{"skillit: train language models on skills, and prove whether it helped"};
  app.set_version_flag("--version", "skillit " SKILLIT_VERSION);
  app.require_subcommand(1);
  app.footer("Each command explains itself: skillit <command> --help");
  skillit::cli::add_graph_command(app);
  skillit::cli::add_mix_command(app);
  skillit::cli::add_tokenize_command(app);
  skillit::cli::add_data_command(app);
  skillit::cli::add_compare_command(app);
#ifdef SKILLIT_TRAIN
  skillit::cli::add_run_command(app);
  skillit::cli::add_plan_command(app);
  skillit::cli::add_eval_command(app);
  skillit::cli::add_sample_command(app);
  skillit::cli::add_export_command(app);
  skillit::cli::add_recipe_command(app);
#endif
  refuse_unknown_command(app, std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {  // --help and --version
    return app.exit(request);
  } catch (const CLI::ParseError& problem) {
    fmt::print(stderr, "skillit: {}; see skillit --help\n", problem.what());
    return kUserError;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const skillit::Error& error) {
    fmt::print(stderr, "skillit: {}\n", error.what());
    return kUserError;
  } catch (const std::exception& error) {
    fmt::print(stderr, "skillit: internal error: {}\n", error.what());
    return 70;
  }
}
