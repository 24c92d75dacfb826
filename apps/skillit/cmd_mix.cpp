#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/graph/graph_file.h"
#include "skillit/graph/npy_file.h"
#include "skillit/record/line_follower.h"
#include "skillit/record/losses_file.h"
#include "skillit/record/weights_file.h"
#include "skillit/select/selector.h"

namespace skillit::cli {
namespace {

struct MixOptions {
  std::string graph;
  std::string losses;
  std::string method = "skillit";
  std::string prior;
  std::vector<std::string> targets;
  std::vector<std::string> train_skills;
  std::uint64_t round_size = 0;
  std::uint64_t total_size = 0;
  std::string left;
  bool json = false;
  std::string follow;
  std::string out;
};

bool is_matrix(const std::string& path) {
  return std::filesystem::path(path).extension() == ".npy";
}

/// A bare matrix takes its columns' names from the losses; its rows' from --train-skills, or the
/// same when square.
SkillGraph read_matrix(const MixOptions& options, const SkillSet& train, const SkillSet& measured) {
  const NpyMatrix matrix = read_npy_matrix(options.graph);
  const bool square = matrix.rows == matrix.columns;
  if (train.size() == 0 && !square) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: is {} x {}, so its rows need names of their own; give --train-skills",
                     options.graph, matrix.rows, matrix.columns));
  }
  const SkillSet& columns = measured.size() == 0 && square ? train : measured;
  if (columns.size() == 0) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: holds no names; give losses that name its {} columns (there need "
                     "not be any evaluation in them yet)",
                     options.graph, matrix.columns));
  }
  return read_graph_npy(options.graph, train.size() == 0 ? columns : train, columns);
}

/// Everything the method draws on; `measured` are the skills that the losses name, if there are
/// any.
SelectorInputs read_inputs(const MixOptions& options, std::optional<SkillGraph> named_graph,
                           const SkillSet& measured) {
  const SkillSet given(options.train_skills, "--train-skills");
  SelectorInputs inputs;
  inputs.graph = std::move(named_graph);
  if (is_matrix(options.graph)) inputs.graph = read_matrix(options, given, measured);
  if (inputs.graph) {
    inputs.train_skills = inputs.graph->train_skills();
    inputs.eval_skills = inputs.graph->eval_skills();
  } else {
    inputs.train_skills = given.size() == 0 ? measured : given;
    inputs.eval_skills = measured.size() == 0 ? given : measured;
  }
  if (inputs.train_skills.size() == 0) {
    fail(ErrorCode::kBadArgument,
         "nothing names the skills; give --graph, --losses or --train-skills");
  }
  inputs.targets = options.targets;
  if (!options.prior.empty()) inputs.prior = read_weights_file(options.prior, inputs.train_skills);
  return inputs;
}

/// Samples or tokens of each skill.
std::vector<std::uint64_t> read_counts(const std::string& file, const SkillSet& skills) {
  std::vector<std::uint64_t> counts;
  for (const double number : read_weights_file(file, skills)) {
    constexpr double kMost = 1e18;
    if (!(number >= 0 && number <= kMost)) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: skill '{}' has {} left; a number from 0 to 1e18 was expected", file,
                       skills[counts.size()], number));
    }
    counts.push_back(static_cast<std::uint64_t>(number));
  }
  return counts;
}

/// The losses so far and the method that turns them into a mixture. A JSON graph fixes all names at
/// once; otherwise they come with the first losses.
class Mixer {
 public:
  explicit Mixer(const MixOptions& options) : options_(options) {
    if (options.graph.empty() || is_matrix(options.graph)) return;
    if (!options.train_skills.empty()) {
      fail(ErrorCode::kBadArgument,
           fmt::format("--train-skills: {} names its rows itself; leave this option out",
                       options.graph));
    }
    const SkillGraph graph = read_graph_json(options.graph);
    log_ = LossLog(graph.eval_skills());
    start(graph);
  }

  [[nodiscard]] bool started() const { return selector_ != nullptr; }
  [[nodiscard]] LossLog& log() { return log_; }
  [[nodiscard]] const SkillSet& skills() const { return train_skills_; }

  /// `where` (the losses) begins the message when the method cannot use them.
  [[nodiscard]] Mixture next(const std::string& where) {
    if (!started()) start({});
    RoundInputs inputs(log_.history());
    inputs.initial = first_losses(inputs);
    inputs.size = options_.round_size;
    inputs.total = options_.total_size;
    inputs.begin = options_.round_size * rounds_before(inputs.history);
    if (!options_.left.empty()) inputs.left = read_counts(options_.left, train_skills_);
    try {
      return selector_->next(inputs);
    } catch (const Error& error) {
      fail(error.code(), where + ": " + error.what());
    }
  }

 private:
  void start(std::optional<SkillGraph> named_graph) {
    const SelectorInputs inputs = read_inputs(options_, std::move(named_graph), log_.skills());
    train_skills_ = inputs.train_skills;
    selector_ = make_selector(options_.method, inputs);
  }

  const MixOptions& options_;
  LossLog log_;
  SkillSet train_skills_;
  std::unique_ptr<Selector> selector_;
};

void print_table(const SkillSet& skills, const Mixture& mixture) {
  constexpr double kBarWidth = 40;
  const auto letters =
      [](const std::string& name) {  // Of UTF-8: every byte that does not continue a letter.
        return std::count_if(name.begin(), name.end(), [](char c) { return (c & 0xc0) != 0x80; });
      };
  std::ptrdiff_t width = 5;
  for (const auto& name : skills.names()) width = std::max(width, letters(name));
  const double largest = *std::max_element(mixture.shares().begin(), mixture.shares().end());
  fmt::print("{:<{}}   share\n", "skill", width);
  for (std::size_t i = 0; i < skills.size(); ++i) {
    const auto bar = static_cast<std::size_t>(std::lround(kBarWidth * mixture[i] / largest));
    const std::string padding(static_cast<std::size_t>(width - letters(skills[i])), ' ');
    fmt::print("{}{}  {:.4f}{}{}\n", skills[i], padding, mixture[i], bar > 0 ? "  " : "",
               std::string(bar, '#'));
  }
}

void mix_once(const MixOptions& options) {
  Mixer mixer(options);
  if (!options.losses.empty()) mixer.log().add_file(options.losses);
  const Mixture mixture = mixer.next(options.losses.empty() ? "mix" : options.losses);
  const std::string json = mixture_to_json(mixer.skills(), mixture) + "\n";
  if (!options.out.empty()) write_file_atomically(options.out, json);
  if (options.json)
    fmt::print("{}", json);
  else
    print_table(mixer.skills(), mixture);
}

/// SIGINT and SIGTERM, held back while a mixture is computed and written; a request to stop ends
/// the next wait.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  [[nodiscard]] bool arrived_within_a_moment() const {
    constexpr timespec kMoment{0, 50'000'000};
    return sigtimedwait(&signals_, nullptr, &kMoment) > 0;
  }

 private:
  sigset_t signals_;
};

void publish(const MixOptions& options, Mixer& mixer, const Mixture& mixture) {
  const std::string json = mixture_to_json(mixer.skills(), mixture) + "\n";
  write_file_atomically(options.out, json);
  if (options.json)
    fmt::print("{}", json);
  else
    fmt::print("{} evaluations -> {}\n", mixer.log().history().evaluations.size(), options.out);
  std::fflush(stdout);
}

/// Takes in every complete line; gives the mixture after the last, or nothing if there was none.
/// When a line is bad, the mixture of those before it is published first.
std::optional<Mixture> take_lines(const MixOptions& options, Mixer& mixer, LineFollower& lines,
                                  std::optional<Mixture> newest) {
  try {
    while (const auto line = lines.next()) {
      if (line->find_first_not_of(" \t\r") == std::string::npos) continue;
      const std::string where = fmt::format("{}:{}", options.follow, lines.line_number());
      mixer.log().add_record(*line, where);
      newest = mixer.next(where);
    }
    return newest;
  } catch (const Error&) {
    if (newest) publish(options, mixer, *newest);
    throw;
  }
}

void mix_following(const MixOptions& options) {
  namespace fs = std::filesystem;
  const auto whole = [](const std::string& path) {
    return fs::weakly_canonical(fs::absolute(path));
  };
  if (whole(options.out) == whole(options.follow)) {
    fail(ErrorCode::kBadArgument,
         options.out + ": is both read (--follow) and replaced (--out); name two files");
  }
  const StopSignals stop;
  Mixer mixer(options);
  LineFollower lines(options.follow);
  std::optional<Mixture> newest;
  if (mixer.started()) newest = mixer.next("mix");
  do {
    newest = take_lines(options, mixer, lines, std::move(newest));
    if (newest) publish(options, mixer, *newest);
    newest.reset();
  } while (!stop.arrived_within_a_moment());
}

std::string footer() {
  std::string text =
      "Example:\n"
      "  skillit mix --graph graph.json --losses losses.json --method skillit:eta=0.5,window=3\n"
      "  skillit mix --graph graph.json --follow losses.jsonl --out mixture.json\n\n"
      "Graph:  {\"train_skills\": [\"a\", \"b\"], \"eval_skills\": [\"a\", \"b\"], \"weights\": "
      "[[1, 0.5], [0, 1]]}\n"
      "        one row per training skill; or a bare .npy matrix: its columns are named by the "
      "losses, its rows\n"
      "        likewise when it is square, else by --train-skills\n"
      "Losses: {\"skills\": [\"a\", \"b\"], \"evaluations\": [[0.7, 0.6], [0.5, 0.4]]}, oldest "
      "first; in a .jsonl file\n"
      "        each line adds such evaluations, or one: {\"losses\": {\"a\": 0.7, \"b\": 0.6}}. "
      "null = not measured.\n"
      "        Each evaluation is a round unless \"rounds\": [0, 2] (where rounds start) or "
      "\"round\": 1 is given too.\n"
      "Prior:  {\"a\": 1, \"b\": 3}; --left likewise\n\n"
      "Methods, written name:option=value,option=value\n";
  for (const MethodInfo& method : selector_methods()) {
    text += fmt::format("  {:<12}{}\n", method.name, method.summary);
    if (method.name == "no-graph") continue;  // Its options are those of skillit.
    for (const OptionInfo& option : method.options)
      text += fmt::format("    {:<16}{}\n", option.name, option.help);
  }
  text += "Options of every method\n";
  for (const OptionInfo& option : constraint_options())
    text += fmt::format("    {:<16}{}\n", option.name, option.help);
  return text;
}

}  // namespace

void add_mix_command(CLI::App& app) {
  auto options = std::make_shared<MixOptions>();
  CLI::App* mix = app.add_subcommand(
      "mix", "graph + losses -> the next mixture, once or following a file of losses");
  mix->add_option("--graph", options->graph,
                  "skills graph, .json or .npy; rows are training skills");
  auto* losses = mix->add_option("--losses", options->losses,
                                 "losses so far, .json or .jsonl; none = the first mixture");
  mix->add_option("--method", options->method, "method and its options, see below")
      ->capture_default_str();
  mix->add_option("--prior", options->prior, "JSON file with a weight for every training skill");
  mix->add_option("--targets", options->targets, "evaluation skills that count, a,b (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false);
  mix->add_option("--train-skills", options->train_skills,
                  "names of a bare matrix's rows, or of all skills, a,b")
      ->delimiter(',')
      ->allow_extra_args(false);
  auto* round_size = mix->add_option(
      "--round-size", options->round_size,
      "samples or tokens of each round, for methods with a schedule and for --left");
  mix->add_option("--total-size", options->total_size,
                  "of the whole training, for methods with a schedule");
  mix->add_option("--left", options->left,
                  "JSON file with what each skill may still deliver, which limits its share of the "
                  "round; read anew for every mixture")
      ->needs(round_size);
  mix->add_flag("--json", options->json, "print {\"mixture\": {\"a\": 0.25, ...}} with 17 digits");
  auto* out = mix->add_option("--out", options->out,
                              "also write the mixture as JSON here, replaced in one go");
  mix->add_option(
         "--follow", options->follow,
         "read losses line by line as they are written, replace --out after each; ends on Ctrl-C")
      ->needs(out)
      ->excludes(losses);
  mix->footer(footer());
  mix->callback(
      [options] { options->follow.empty() ? mix_once(*options) : mix_following(*options); });
}

}  // namespace skillit::cli
