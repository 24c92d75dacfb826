#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "data_commands.h"
#include "skillit/data/pack_reader.h"

namespace skillit::cli {
namespace {

struct InspectArguments {
  std::string folder;
  std::vector<std::string> skills;
  std::size_t examples = 2;
  std::size_t bytes = 400;
  bool validation = false;
};

/// The beginning of a text, with what could command a terminal made visible.
std::string visible(const std::string& text, std::size_t most) {
  std::size_t size = std::min(text.size(), most);
  while (size < text.size() && (text[size] & 0xc0) == 0x80) --size;  // Not inside a letter.
  std::string shown;
  for (std::size_t i = 0; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n')
      shown += "\n    ";
    else if (byte < 0x20 || byte == 0x7f)
      shown += fmt::format("\\x{:02x}", byte);
    else
      shown += text[i];
  }
  return shown + (size < text.size() ? " .." : "");
}

void inspect(const InspectArguments& arguments) {
  const PackIndex index = read_pack_index(arguments.folder);
  const auto tokenizer = make_pack_tokenizer(index, arguments.folder);
  std::vector<PackedSkill> skills;
  for (const std::string& name : arguments.skills)
    skills.push_back(find_packed_skill(index, name, arguments.folder));
  if (skills.empty()) skills = index.skills;
  for (const PackedSkill& skill : skills) {
    const PackPart& part = arguments.validation ? skill.validation : skill.train;
    fmt::print("{} ({}): {} documents, {} tokens\n", skill.name,
               arguments.validation ? "validation" : "training", part.documents, part.tokens);
    for (const PackExample& example :
         read_pack_examples(arguments.folder, index, part, arguments.examples, *tokenizer)) {
      fmt::print("  document {}, {} tokens:\n    {}\n", example.document, example.num_tokens,
                 visible(example.text, arguments.bytes));
    }
  }
}

}  // namespace

void add_data_inspect_command(CLI::App& data) {
  auto arguments = std::make_shared<InspectArguments>();
  CLI::App* command = data.add_subcommand("inspect", "show documents of each skill as text again");
  command->add_option("PACK", arguments->folder, "a folder of skillit data pack")->required();
  command->add_option("--skills", arguments->skills, "only these, a,b")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--examples", arguments->examples, "documents per skill, evenly spread")
      ->capture_default_str();
  command->add_option("--bytes", arguments->bytes, "of each that are shown")->capture_default_str();
  command->add_flag("--validation", arguments->validation, "of the validation side");
  command->footer("Example:\n  skillit data inspect packs/web --skills books --examples 3");
  command->callback([arguments] { inspect(*arguments); });
}

}  // namespace skillit::cli
