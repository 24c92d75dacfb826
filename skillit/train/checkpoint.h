#pragma once

#include <filesystem>
#include <string>

#include "skillit/nn/gpt.h"
#include "skillit/train/adamw.h"

namespace skillit {

/// Version of what is written below, of everything put into `state`, and of the bits that a step
/// gives. A checkpoint of another version is refused.
inline constexpr int kCheckpointVersion = 3;

/// Everything a run needs to go on, bit for bit: weights, optimizer moments, and `state` (whatever
/// the caller needs besides: selector, stream, history). One safetensors file, replaced atomically,
/// with a checksum over all of it.
void save_checkpoint(const std::filesystem::path& path, const Gpt& model, AdamW& optimizer,
                     std::string_view state);

/// Restores model and optimizer and returns `state`. @throws Error kBadFormat (cut short, damaged,
/// another model shape), kMismatch (another version); then nothing was changed.
[[nodiscard]] std::string load_checkpoint(const std::filesystem::path& path, Gpt& model,
                                          AdamW& optimizer);

/// The weights alone, by name, as float32 safetensors; `metadata` says what the model is.
void save_model(const std::filesystem::path& path, const Gpt& model,
                const std::map<std::string, std::string>& metadata);

/// What save_model() was told. @throws Error kIo, kBadFormat.
[[nodiscard]] std::map<std::string, std::string> model_metadata(const std::filesystem::path& path);

/// Copies every tensor of the file into the model's weight of the same name; weights that the file
/// does not name keep their values when `allow_missing`. @return the file's metadata. @throws Error
/// kMismatch on unknown names, kBadFormat on missing ones and other shapes.
std::map<std::string, std::string> load_model(const std::filesystem::path& path, Gpt& model,
                                              bool allow_missing = false);

}  // namespace skillit
