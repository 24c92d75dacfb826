#include "commands.h"
#include "data_commands.h"

namespace skillit::cli {

void add_data_command(CLI::App& app) {
  CLI::App* data =
      app.add_subcommand("data", "corpora -> packed tokens by skill; look at them and check them");
  data->require_subcommand(1);
  data->footer(
      "Example:\n"
      "  skillit data pack packs/web corpus/*.jsonl.zst --tokenizer byte\n"
      "  skillit data stats packs/web\n\n"
      "Each explains itself: skillit data <verb> --help");
  add_data_pack_command(*data);
  add_data_import_command(*data);
  add_data_inspect_command(*data);
  add_data_stats_command(*data);
  add_data_verify_command(*data);
  add_data_blend_command(*data);
}

}  // namespace skillit::cli
