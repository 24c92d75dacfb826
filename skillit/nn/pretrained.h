#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "skillit/nn/gpt.h"
#include "skillit/nn/model_config.h"

namespace skillit {

/// A model folder as the Python package `transformers` writes and reads it: config.json beside
/// model.safetensors or its shards. The families are those of docs/models.md. Nothing in it is ever
/// run: pickled weights and custom code are refused.
class PretrainedFolder {
 public:
  /// Reads the configuration and maps the weights, whose names, types (F32, F16, BF16) and shapes
  /// are all checked against it. @throws Error kIo, kNotFound, kBadFormat, kMismatch, which name
  /// the file and the field or tensor.
  [[nodiscard]] static PretrainedFolder open(const std::filesystem::path& folder);
  PretrainedFolder(PretrainedFolder&& other) noexcept;
  PretrainedFolder& operator=(PretrainedFolder&& other) noexcept;
  ~PretrainedFolder();

  [[nodiscard]] const Architecture& architecture() const;
  /// The text of config.json.
  [[nodiscard]] const std::string& config() const;
  /// Of config.json and all bytes of the weights.
  [[nodiscard]] std::string fingerprint() const;
  /// Copies all weights into a model of this architecture.
  void load(Gpt& model) const;

 private:
  struct Parts;
  explicit PretrainedFolder(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

struct PretrainedOptions {
  torch::ScalarType type = torch::kFloat32;  ///< Or kBFloat16, kHalf.
  std::int64_t shard_bytes =
      5'000'000'000;  ///< Most bytes of tensors in a file, but for one larger.
  std::map<std::string, std::string> companions;  ///< Name -> content of files to put beside.
};

/// Writes a folder that PretrainedFolder and `transformers` read. `config` is a config.json of the
/// model's architecture (make_model_config(), or the one it was read with). The folder appears
/// whole or not at all. @throws Error kBadArgument when it exists already, kMismatch, kIo.
void write_pretrained(const std::filesystem::path& folder, const Gpt& model,
                      const std::string& config, const PretrainedOptions& options = {});

}  // namespace skillit
