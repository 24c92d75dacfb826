#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "data_commands.h"
#include "skillit/base/error.h"
#include "skillit/data/pack.h"
#include "skillit/tokenize/make_tokenizer.h"

namespace skillit::cli {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

struct PackArguments {
  std::string folder;
  std::vector<std::string> inputs;
  std::string instructions;
  std::string alpaca;
  std::vector<std::string> skills;
  std::vector<std::string> filters;
  std::string assignments;
  std::string tokenizer = "byte";
  std::uint64_t memory_mib = 1024;
  std::uint64_t max_document_mib = 64;
  bool no_ends = false;
  PackOptions options;
};

void read_rules(PackArguments& arguments) {
  DocumentRules& rules = arguments.options.rules;
  const int ways = (rules.skill_field.empty() ? 0 : 1) + (arguments.filters.empty() ? 0 : 1) +
                   (arguments.assignments.empty() ? 0 : 1);
  if (ways > 1) {
    fail(ErrorCode::kBadArgument,
         "--skill-field, --where and --assignments each say the skill of a document; give one");
  }
  for (const std::string& filter : arguments.filters)
    rules.filters.push_back(split_named(filter, "--where"));
  if (!arguments.assignments.empty()) {
    rules.assignments = std::make_shared<const std::unordered_map<std::string, std::string>>(
        read_assignments(arguments.assignments));
  }
  std::map<std::string, std::vector<std::string>> by_skill;
  for (const std::string& skill : arguments.skills) {
    auto [name, pattern] = split_named(skill, "--skill");
    by_skill[name].push_back(pattern);
  }
  std::vector<DocumentFile>& files = arguments.options.files;
  if (!arguments.instructions.empty()) files = list_instruction_files(arguments.instructions);
  if (!arguments.alpaca.empty()) files.push_back(alpaca_file(arguments.alpaca));
  if (!files.empty() && arguments.inputs.empty() && by_skill.empty()) return;
  const auto others = list_document_files(arguments.inputs, by_skill, ways == 1);
  files.insert(files.end(), others.begin(), others.end());
}

/// One live line on a terminal; nothing when piped.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }
  void show(const PackProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (::isatty(STDERR_FILENO) == 0 || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    shown_ = true;
    if (progress.scanning) {
      fmt::print(stderr, "\r\033[Kchecking: {} documents", progress.documents);
    } else {
      fmt::print(stderr, "\r\033[Kpacking: {} of {} documents", progress.documents,
                 progress.num_documents);
    }
    std::fflush(stderr);
  }

 private:
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_;
};

void pack(PackArguments& arguments) {
  read_rules(arguments);
  arguments.options.memory_bytes = arguments.memory_mib * kMiB;
  arguments.options.max_document_bytes = arguments.max_document_mib * kMiB;
  arguments.options.append_ends = !arguments.no_ends;
  const auto tokenizer = make_tokenizer(arguments.tokenizer);
  PackIndex index;
  {
    ProgressLine line;
    arguments.options.progress = [&](const PackProgress& progress) { line.show(progress); };
    index = make_pack(arguments.folder, arguments.options, *tokenizer, arguments.tokenizer);
  }
  print_pack(arguments.folder, index);
}

void add_rules(CLI::App& command, PackArguments& arguments) {
  DocumentRules& rules = arguments.options.rules;
  command
      .add_option("--skill", arguments.skills,
                  "NAME=FILES: a file, a folder or a glob whose documents are of this skill")
      ->allow_extra_args(false);
  command.add_option("--skill-field", rules.skill_field, "field that names a document's skill");
  command
      .add_option("--where", arguments.filters,
                  "NAME=SQL: skill of the documents that meet an SQLite condition on their "
                  "fields; the first that is met counts, the rest is left out")
      ->allow_extra_args(false);
  command.add_option("--assignments", arguments.assignments,
                     "file of lines \"id<tab>skill\"; documents that it lacks are left out");
  command.add_option("--id-field", rules.id_field, "field that holds the id for --assignments")
      ->capture_default_str();
  command.add_option("--text-field", rules.text_field, "field that holds the text")
      ->capture_default_str();
}

void add_settings(CLI::App& command, PackArguments& arguments) {
  PackOptions& options = arguments.options;
  command
      .add_option("--validation", options.validation_fraction,
                  "share of documents held out, by hash of their content")
      ->capture_default_str();
  command.add_flag("--drop-duplicates", options.drop_duplicates,
                   "keep the first of equal texts in a skill");
  command.add_flag("--count-near-duplicates", options.count_near_duplicates,
                   "count texts much like an earlier one of their skill (MinHash)");
  command.add_flag("--no-ends", arguments.no_ends, "no end-of-document token after each");
  command.add_option("--note", options.note, "licence and source, kept in the index");
  command.add_option("--threads", options.threads, "0 = one per processor")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  command.add_option("--memory", arguments.memory_mib, "MiB to work in")
      ->capture_default_str()
      ->check(CLI::Range(1, 1 << 24));
  command
      .add_option("--max-document", arguments.max_document_mib,
                  "MiB; a longer line or text file is refused")
      ->capture_default_str()
      ->check(CLI::Range(1, 2048));
}

}  // namespace

std::pair<std::string, std::string> split_named(const std::string& text, std::string_view what) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: '{}' has no form NAME=VALUE; put the skill's name before the first '='",
                     what, text));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void print_pack(const std::string& folder, const PackIndex& index) {
  std::size_t width = 5;
  for (const PackedSkill& skill : index.skills) width = std::max(width, skill.name.size());
  fmt::print("{:<{}}  {:>12}  {:>14}  {:>12}  {:>14}\n", "skill", width, "documents", "tokens",
             "validation", "its tokens");
  for (const PackedSkill& skill : index.skills) {
    fmt::print("{:<{}}  {:>12}  {:>14}  {:>12}  {:>14}\n", skill.name, width, skill.train.documents,
               skill.train.tokens, skill.validation.documents, skill.validation.tokens);
  }
  for (const PackedSkill& skill : index.skills) {
    if (skill.validation.documents == 0 && index.validation_fraction > 0)
      fmt::print("{}: nothing is held out, since it has only one text\n", skill.name);
  }
  if (index.without_skill > 0) fmt::print("{} documents have no skill\n", index.without_skill);
  if (index.empty > 0) fmt::print("{} documents are empty\n", index.empty);
  fmt::print("{} holds them; skillit data stats {} says more\n", folder, folder);
}

void add_data_pack_command(CLI::App& data) {
  auto arguments = std::make_shared<PackArguments>();
  CLI::App* command = data.add_subcommand(
      "pack", "corpus -> tokens by skill in Megatron's format; goes on where it was interrupted");
  command->add_option("FOLDER", arguments->folder, "the pack that is made")->required();
  command->add_option("INPUT", arguments->inputs,
                      "files, globs or folders: .jsonl or .txt, also .gz and .zst, .parquet, "
                      ".arrow; each file is a skill named by its stem");
  command->add_option("--instructions", arguments->instructions,
                      "Super-NaturalInstructions: a folder of tasks, or a list of them; a skill is "
                      "a category");
  command->add_option("--alpaca", arguments->alpaca,
                      "Alpaca's JSON list of {instruction, input, output}; a skill is a verb that "
                      "begins 100 instructions");
  add_rules(*command, *arguments);
  command->add_option("--tokenizer", arguments->tokenizer, "how texts become tokens")
      ->capture_default_str();
  add_settings(*command, *arguments);
  command->footer(
      "Example:\n"
      "  skillit data pack packs/web corpus/*.jsonl.zst\n"
      "  skillit data pack packs/mix --skill 'books=gutenberg/*.txt' --skill code=github.jsonl.gz\n"
      "  skillit data pack packs/ni --instructions natural_instructions/tasks --tokenizer "
      "gpt2/tokenizer.json\n"
      "  skillit data pack packs/meta all.jsonl --where \"law=meta->>'source' = 'court'\" --where "
      "\"rest=1\"");
  command->callback([arguments] { pack(*arguments); });
}

}  // namespace skillit::cli
