#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "skillit/base/files.h"
#include "skillit/base/safetensors.h"

namespace skillit {

/// The tensors of a model folder: model.safetensors, or the shards that
/// model.safetensors.index.json names. Mapped, not copied; the entries die with the object.
class SafetensorsFolder {
 public:
  /// Checks the headers of all files (Safetensors::parse), and that the index and the files say the
  /// same. @throws Error kNotFound when there are no such files, kIo, kBadFormat.
  [[nodiscard]] static SafetensorsFolder open(const std::filesystem::path& folder);

  [[nodiscard]] const std::map<std::string, SafetensorsEntry>& tensors() const { return tensors_; }
  /// Of all bytes of all files.
  [[nodiscard]] std::string fingerprint() const;

 private:
  void add(const std::filesystem::path& path);

  std::vector<MappedFile> files_;
  std::map<std::string, SafetensorsEntry> tensors_;
};

}  // namespace skillit
