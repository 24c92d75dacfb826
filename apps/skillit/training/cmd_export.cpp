#include <fmt/format.h>

#include <memory>
#include <string>

#include "commands.h"
#include "skillit/run/stored_model.h"

namespace skillit::cli {
namespace {

struct ExportArguments {
  std::string model;
  std::string folder;
  std::string type = "fp32";
  double shard_gigabytes = 5;
};

void export_it(const ExportArguments& arguments) {
  PretrainedOptions options;
  if (arguments.type == "bf16") options.type = torch::kBFloat16;
  if (arguments.type == "fp16") options.type = torch::kHalf;
  options.shard_bytes = static_cast<std::int64_t>(arguments.shard_gigabytes * 1e9);
  const StoredModel model = open_model(arguments.model);
  export_model(model, arguments.folder, options);
  const Architecture& a = model.architecture;
  fmt::print("{}: {} layers of width {}, {} tokens, {:.1f} million matrix weights as {}\n",
             arguments.folder, a.layers, a.width, a.vocabulary,
             static_cast<double>(a.matrix_weights()) / 1e6, arguments.type);
  fmt::print("{}\n", model.tokenizer_file().empty()
                         ? "no tokenizer.json: the ids are those of its recipe's data"
                         : "tokenizer.json is beside it");
}

}  // namespace

void add_export_command(CLI::App& app) {
  auto arguments = std::make_shared<ExportArguments>();
  CLI::App* command = app.add_subcommand(
      "export", "Write a trained model as a folder that Python's transformers loads");
  command
      ->add_option("model", arguments->model,
                   "A finished run's folder, its model.safetensors, or a published model's folder")
      ->required()
      ->type_name("MODEL");
  command->add_option("folder", arguments->folder, "The new folder")
      ->required()
      ->type_name("FOLDER");
  command->add_option("--type", arguments->type, "Of the numbers in the files")
      ->check(CLI::IsMember({"fp32", "bf16", "fp16"}))
      ->capture_default_str()
      ->type_name("TYPE");
  command->add_option("--shard", arguments->shard_gigabytes, "Largest file, in GB")
      ->check(CLI::Range(0.001, 1000.0))
      ->capture_default_str()
      ->type_name("GB");
  command->footer(
      "Examples:\n"
      "  skillit export runs/lego/random/seed0 lego-model\n"
      "  skillit export runs/text/random/seed0 my-gpt2 --type bf16\n"
      "  python3 -c 'from transformers import AutoModelForCausalLM as M; "
      "M.from_pretrained(\"lego-model\")'");
  command->callback([arguments] { export_it(*arguments); });
}

}  // namespace skillit::cli
