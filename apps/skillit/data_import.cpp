#include <fmt/core.h>

#include <memory>
#include <string>
#include <vector>

#include "data_commands.h"
#include "skillit/data/pack_tokens.h"
#include "skillit/tokenize/make_tokenizer.h"

namespace skillit::cli {
namespace {

struct ImportArguments {
  std::string folder;
  std::vector<std::string> stores;
  std::string tokenizer = "byte";
  TokenPackOptions options;
};

void import_tokens(ImportArguments& arguments) {
  for (const std::string& store : arguments.stores)
    arguments.options.stores.push_back(split_named(store, "SKILL=PATH"));
  const auto tokenizer = make_tokenizer(arguments.tokenizer);
  const PackIndex index =
      make_pack_of_tokens(arguments.folder, arguments.options, *tokenizer, arguments.tokenizer);
  print_pack(arguments.folder, index);
}

}  // namespace

void add_data_import_command(CLI::App& data) {
  auto arguments = std::make_shared<ImportArguments>();
  TokenPackOptions& options = arguments->options;
  CLI::App* command =
      data.add_subcommand("import", "tokens that other programs wrote -> a pack by skill");
  command->add_option("FOLDER", arguments->folder, "the pack that is made")->required();
  command->add_option("SKILL=PATH", arguments->stores, "a skill and where its tokens are")
      ->required();
  command
      ->add_option("--format", options.format,
                   "megatron (path without ending), datatrove (.ds), raw-u16, raw-u32 (.npy, .bin "
                   "without header), mds (folder)")
      ->required();
  command->add_option("--tokenizer", arguments->tokenizer, "what they were made with")
      ->capture_default_str();
  command
      ->add_option("--validation", options.validation_fraction,
                   "share of documents held out, by hash of their tokens")
      ->capture_default_str();
  command->add_option("--note", options.note, "licence and source, kept in the index");
  command->footer(
      "Example:\n"
      "  skillit data import packs/old books=data/books_text_document web=data/web_text_document "
      "--format megatron");
  command->callback([arguments] { import_tokens(*arguments); });
}

}  // namespace skillit::cli
