#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "skillit/run/runtime.h"
#include "skillit/run/stored_model.h"

namespace skillit::cli {

/// What eval and sample ask about the model and the machine.
struct ModelArguments {
  std::string model;
  std::string device = "auto";
  std::string precision = "fp32";

  void add_to(CLI::App& command) {
    command
        .add_option("model", model,
                    "A published model's folder (config.json, safetensors), or a finished run's")
        ->required()
        ->type_name("MODEL");
    command.add_option("--device", device, "auto = a GPU when there is one")
        ->check(CLI::IsMember(std::vector<std::string>(kDevices.begin(), kDevices.end())))
        ->capture_default_str()
        ->type_name("DEVICE");
    command.add_option("--precision", precision, "Of the computation")
        ->check(CLI::IsMember(std::vector<std::string>(kPrecisions.begin(), kPrecisions.end())))
        ->capture_default_str()
        ->type_name("TYPE");
  }
  /// The model ready to compute with; a small one on one thread, as when it is trained.
  [[nodiscard]] Gpt load(const StoredModel& stored) const {
    Recipe recipe;
    recipe.device = device;
    recipe.precision = precision;
    const Runtime runtime = choose_runtime(recipe, stored.architecture);
    return stored.load(runtime.device, runtime.compute);
  }
};

}  // namespace skillit::cli
