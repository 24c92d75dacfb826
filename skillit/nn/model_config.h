#pragma once

#include <filesystem>
#include <string>

#include "skillit/nn/architecture.h"

namespace skillit {

/// The architecture that the text of a config.json describes: a family of docs/models.md, and every
/// field read, known to be without effect on the mathematics, or refused by its name. `where`
/// begins the messages. @throws Error kBadFormat.
[[nodiscard]] Architecture parse_model_config(const std::string& text, const std::string& where);

/// The same of the config.json in a folder. @throws Error kNotFound, kIo, kBadFormat.
[[nodiscard]] Architecture read_model_config(const std::filesystem::path& folder);

/// A config.json for an architecture, by the first family that has it. @throws Error kBadArgument
/// when none has.
[[nodiscard]] std::string make_model_config(const Architecture& architecture);

}  // namespace skillit
