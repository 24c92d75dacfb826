#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "data_commands.h"
#include "skillit/base/error.h"
#include "skillit/data/megatron_index.h"

namespace skillit::cli {
namespace {

struct BlendArguments {
  std::string folder;
  std::vector<std::string> weights;
  MegatronIndexOptions options;
  std::string out;
};

double parse_weight(const std::string& text) {
  double weight = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (problem != std::errc() || end != text.data() + text.size()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("--weight: '{}' is not a number; NAME=NUMBER was expected", text));
  }
  return weight;
}

void print_table(const std::vector<MegatronDataset>& datasets) {
  std::size_t width = 5;
  for (const MegatronDataset& dataset : datasets) width = std::max(width, dataset.skill.size());
  fmt::print("{:<{}}  {:>8}  {:>12}  {:>12}  {:>6}\n", "skill", width, "weight", "in blend",
             "built", "epochs");
  for (const MegatronDataset& dataset : datasets) {
    fmt::print("{:<{}}  {:>8.4f}  {:>12}  {:>12}  {:>6}\n", dataset.skill, width, dataset.weight,
               dataset.used, dataset.samples.num_windows(), dataset.samples.num_epochs());
  }
}

}  // namespace

void add_data_blend_command(CLI::App& data) {
  auto arguments = std::make_shared<BlendArguments>();
  CLI::App* command = data.add_subcommand(
      "blend", "the samples Megatron would train on, as its own index arrays, bit for bit");
  command->add_option("PACK", arguments->folder, "a folder of skillit data pack")->required();
  command->add_option("--samples", arguments->options.size, "samples of the whole blend")
      ->required()
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--weight", arguments->weights,
                   "SKILL=NUMBER; skills not named are left out (default: all evenly)")
      ->allow_extra_args(false);
  command->add_option("--window", arguments->options.sequence_length, "tokens that are trained on")
      ->capture_default_str();
  command->add_option("--seed", arguments->options.seed, "Megatron's --seed")
      ->capture_default_str();
  command->add_option("--out", arguments->out, "folder for the arrays as .npy files");
  command->footer(
      "Example:\n  skillit data blend packs/web --samples 100000 --weight books=0.7 --weight "
      "news=0.3 --out blend");
  command->callback([arguments] {
    for (const std::string& text : arguments->weights) {
      const auto [name, value] = split_named(text, "--weight");
      if (!arguments->options.weights.emplace(name, parse_weight(value)).second)
        fail(ErrorCode::kBadArgument, fmt::format("--weight: '{}' stands twice", name));
    }
    const PackIndex index = read_pack_index(arguments->folder);
    print_table(build_megatron_index(arguments->folder, index, arguments->options, arguments->out));
  });
}

}  // namespace skillit::cli
