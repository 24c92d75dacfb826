#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/record/run_record.h"

namespace skillit {

/// The manifest as readable JSON text; parse_manifest gives it back unchanged.
[[nodiscard]] std::string manifest_to_json(const Manifest& manifest);
/// `where` (a file) begins messages.
/// @throws Error kBadFormat (not a manifest), kMismatch (another format version).
[[nodiscard]] Manifest parse_manifest(std::string_view json, const std::string& where);
[[nodiscard]] Manifest read_manifest(const std::filesystem::path& file);

/// A recipe's text as values by key: "a: {b: 1, c: [x, y]}" -> {"a.b": "1", "a.c[0]": "x",
/// "a.c[1]": "y"}. Text that is no YAML is one value.
[[nodiscard]] std::map<std::string, std::string> recipe_values(const std::string& recipe);

/// Why a run begun with `on_disk` cannot go on as `wanted`: one line per difference, none when it
/// can. Recipes are compared key by key. Versions and machine do not count. Example line: "recipe
/// train.steps was 600, is now 900".
[[nodiscard]] std::vector<std::string> difference(const Manifest& on_disk, const Manifest& wanted);

}  // namespace skillit
