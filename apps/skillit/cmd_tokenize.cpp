#include <fmt/core.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "commands.h"
#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/tokenize/bpe_trainer.h"
#include "skillit/tokenize/encode_batch.h"
#include "skillit/tokenize/make_tokenizer.h"

namespace skillit::cli {
namespace {

constexpr std::size_t kBatch = 4096;

struct TokenizeOptions {
  std::string tokenizer;
  bool ids = false;
  bool count = false;
  bool decode = false;
  bool plain = false;
  std::string text_field = "text";
  int threads = 1;
  std::vector<std::string> files;
};

struct TrainOptions {
  BpeTrainerOptions bpe;
  std::string out;
  std::string text_field = "text";
  std::vector<std::string> files;
};

/// A file, or standard input for "-".
std::string read_input(const std::string& file) {
  if (file != "-") return read_file(file);
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

nlohmann::json parse_line(std::string_view line, const std::string& where) {
  try {
    return nlohmann::json::parse(line);
  } catch (const nlohmann::json::exception&) {
    fail(ErrorCode::kBadFormat,
         where +
             ": the line is not valid JSON in UTF-8; each line must be one object, or use --plain");
  }
}

/// Calls use(line, where) for every line that is not blank.
template <class Use>
void for_each_line(const std::string& file, Use&& use) {
  const std::string bytes = read_input(file);
  std::string_view rest = bytes;
  for (int number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    use(line, fmt::format("{}:{}", file, number));
  }
}

/// Calls use(text) for every document: a line's text field of a .jsonl file, else a whole file.
template <class Use>
void for_each_document(const std::string& file, bool plain, const std::string& field, Use&& use) {
  if (plain || !(file == "-" || file.ends_with(".jsonl"))) return use(read_input(file));
  for_each_line(file, [&](std::string_view line, const std::string& where) {
    const nlohmann::json json = parse_line(line, where);
    if (!json.is_object() || !json.contains(field) || !json[field].is_string()) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: there is no string in the field '{}' (choose with --text-field)", where,
                       field));
    }
    use(json[field].get<std::string>());
  });
}

class Encoder {
 public:
  Encoder(const Tokenizer& tokenizer, const TokenizeOptions& options)
      : tokenizer_(tokenizer), options_(options) {}

  void add(std::string text) {
    batch_.push_back(std::move(text));
    if (batch_.size() == kBatch) flush();
  }

  void finish() {
    flush();
    if (!options_.count) return;
    fmt::print("{{\"documents\": {}, \"bytes\": {}, \"tokens\": {}}}\n", documents_, bytes_,
               tokens_);
  }

 private:
  void flush() {
    const std::vector<std::string_view> texts(batch_.begin(), batch_.end());
    for (const auto& tokens : encode_batch(tokenizer_, texts, options_.threads)) {
      tokens_ += tokens.size();
      if (!options_.count) fmt::print("{{\"ids\": [{}]}}\n", fmt::join(tokens, ", "));
    }
    for (const std::string& text : batch_) bytes_ += text.size();
    documents_ += batch_.size();
    batch_.clear();
  }

  const Tokenizer& tokenizer_;
  const TokenizeOptions& options_;
  std::vector<std::string> batch_;
  std::size_t documents_ = 0;
  std::size_t bytes_ = 0;
  std::size_t tokens_ = 0;
};

void decode_file(const Tokenizer& tokenizer, const std::string& file) {
  for_each_line(file, [&](std::string_view line, const std::string& where) {
    const nlohmann::json json = parse_line(line, where);
    std::vector<TokenId> tokens;
    try {
      tokens = json.at("ids").get<std::vector<TokenId>>();
    } catch (const nlohmann::json::exception&) {
      fail(ErrorCode::kBadFormat, where + ": there is no list of whole numbers in the field 'ids'");
    }
    const nlohmann::json text = {{"text", tokenizer.decode(tokens)}};
    fmt::print("{}\n", text.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  });
}

void tokenize(const TokenizeOptions& options) {
  const auto tokenizer = make_tokenizer(options.tokenizer);
  const std::vector<std::string> files =
      options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  Encoder encoder(*tokenizer, options);
  for (const std::string& file : files) {
    if (options.decode) {
      decode_file(*tokenizer, file);
    } else {
      for_each_document(file, options.plain, options.text_field,
                        [&](std::string text) { encoder.add(std::move(text)); });
    }
  }
  if (!options.decode) encoder.finish();
}

void train(const TrainOptions& options) {
  std::vector<std::string> texts;
  for (const std::string& file : options.files) {
    for_each_document(file, false, options.text_field,
                      [&](std::string text) { texts.push_back(std::move(text)); });
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  write_file_atomically(options.out, train_bpe(views, options.bpe));
  fmt::print("{} documents -> {}: {} tokens\n", texts.size(), options.out,
             make_tokenizer(options.out)->vocabulary_size());
}

void add_train_command(CLI::App& tokenize_command) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App* command = tokenize_command.add_subcommand(
      "train", "Learn a byte-level BPE and write it as tokenizer.json");
  command->add_option("--vocabulary", options->bpe.vocabulary_size, "Most tokens, 257 or more")
      ->capture_default_str();
  command->add_option("--min-count", options->bpe.min_count, "Pairs seen less often are not merged")
      ->capture_default_str();
  command->add_option("--out", options->out, "File to write; ends in .json")->required();
  command
      ->add_option("--text-field", options->text_field,
                   "Field of a .jsonl line that holds the text")
      ->capture_default_str();
  command->add_option("files", options->files, "Texts: .jsonl, or anything else as one document")
      ->required();
  command->footer(
      "Example:\n  skillit tokenize train --vocabulary 4096 --out own.json corpus/*.jsonl");
  command->callback([options] { train(*options); });
}

}  // namespace

void add_tokenize_command(CLI::App& app) {
  auto options = std::make_shared<TokenizeOptions>();
  CLI::App* command = app.add_subcommand(
      "tokenize", "Text to token ids and back, as Hugging Face's tokenizers do; train a tokenizer");
  command->add_option("--tokenizer", options->tokenizer, "A tokenizer.json, or byte, or words");
  auto* ids = command->add_flag("--ids", options->ids,
                                "Print {\"ids\": [..]} for each document (the default)");
  auto* count =
      command->add_flag("--count", options->count, "Print how many documents, bytes, tokens")
          ->excludes(ids);
  command->add_flag("--decode", options->decode, "Read {\"ids\": [..]} lines, print {\"text\": ..}")
      ->excludes(ids)
      ->excludes(count);
  command->add_flag("--plain", options->plain, "Every input is one document, whatever its name");
  command
      ->add_option("--text-field", options->text_field,
                   "Field of a .jsonl line that holds the text")
      ->capture_default_str();
  command->add_option("--threads", options->threads, "Documents encoded at once")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("files", options->files,
                      "Documents: lines of .jsonl files and of standard input, other files whole");
  command->footer(
      "Example:\n"
      "  skillit tokenize --tokenizer tokenizer.json --count corpus/*.jsonl\n"
      "  echo '{\"text\": \"Hello\"}' | skillit tokenize --tokenizer tokenizer.json\n"
      "  skillit tokenize train --vocabulary 4096 --out own.json corpus/*.jsonl");
  add_train_command(*command);
  command->callback([options, command] {
    if (!command->get_subcommands().empty()) return;
    if (options->tokenizer.empty()) throw CLI::RequiredError("--tokenizer");
    tokenize(*options);
  });
}

}  // namespace skillit::cli
