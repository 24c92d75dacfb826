#include <fmt/core.h>

#include <memory>
#include <string>

#include "data_commands.h"
#include "skillit/data/pack_reader.h"

namespace skillit::cli {

void add_data_verify_command(CLI::App& data) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = data.add_subcommand(
      "verify", "read a whole pack again and name the first damaged byte, if there is one");
  command->add_option("PACK", *folder, "a folder of skillit data pack")->required();
  command->footer("Example:\n  skillit data verify packs/web");
  command->callback([folder] {
    const PackCheck check = verify_pack(*folder);
    fmt::print("{}: whole: {} files, {} bytes, {} documents, {} tokens\n", *folder, check.files,
               check.bytes, check.documents, check.tokens);
  });
}

}  // namespace skillit::cli
