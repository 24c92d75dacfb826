#pragma once

#include <torch/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "skillit/nn/gpt.h"
#include "skillit/nn/pretrained.h"
#include "skillit/run/recipe.h"
#include "skillit/tokenize/tokenizer.h"

namespace skillit {

/// A model on disk, to be measured, sampled from or written in another form: a published model's
/// folder, a finished run's folder, or the model.safetensors in one.
struct StoredModel {
  std::filesystem::path path;  ///< The published model's folder, or the run's model.safetensors.
  std::string config;          ///< Text of a config.json that describes it.
  Architecture architecture;
  std::optional<Recipe> recipe;  ///< That the run followed; nothing for a published model.

  /// Its tokenizer.json; empty when it has none (its own, or its recipe's).
  [[nodiscard]] std::filesystem::path tokenizer_file() const;
  /// What its training data were made with. @throws Error kNotFound when nothing says.
  [[nodiscard]] std::shared_ptr<const Tokenizer> tokenizer() const;
  /// @throws Error kMismatch, kBadFormat.
  [[nodiscard]] Gpt load(torch::Device device, torch::ScalarType compute) const;
};

/// @throws Error kNotFound (says what was expected there), kIo, kBadFormat.
[[nodiscard]] StoredModel open_model(const std::filesystem::path& path);

/// Writes it as a folder that `transformers` loads, its tokenizer's files beside it.
/// @throws Error kBadArgument when the folder exists already, and as load().
void export_model(const StoredModel& model, const std::filesystem::path& folder,
                  PretrainedOptions options = {});

}  // namespace skillit
