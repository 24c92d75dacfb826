#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "skillit/run/observer.h"
#include "skillit/run/recipe.h"

namespace skillit {

/// Weights that every run of a study starts from.
struct BaseModel {
  std::filesystem::path file;  ///< Or the folder of a published model.
  std::string fingerprint;     ///< base_fingerprint() of its recipe; of a folder, its content's.
};

/// Name of the recipe's base model: of its stages, the model's shape, the seed and the precision.
[[nodiscard]] std::string base_fingerprint(const Recipe& recipe);

/// Where finished bases are looked for: `runs`/base first, where new ones are put, then the shipped
/// ones.
[[nodiscard]] std::vector<std::filesystem::path> base_folders(const std::filesystem::path& runs);

/// Finds the recipe's base model (its model.folder is one), or trains it stage by stage; a finished
/// stage is kept, so an interrupted training goes on at the last one. Nothing when the recipe has
/// no base, or when stopped. @throws Error.
[[nodiscard]] std::optional<BaseModel> ensure_base_model(const Recipe& recipe,
                                                         const std::filesystem::path& runs,
                                                         StudyObserver& observer);

}  // namespace skillit
