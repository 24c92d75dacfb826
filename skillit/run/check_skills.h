#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "skillit/graph/skill_definitions.h"
#include "skillit/run/observer.h"
#include "skillit/run/probe_runner.h"
#include "skillit/run/recipe.h"

namespace skillit {

/// The paper's definitions, measured: is each training skill a skill (Definition 2.1: training on
/// its samples alone lowers the loss on its held-out ones), and is their set ordered (Definition
/// 2.2: which skills are learned with no more data when another is trained beside them).
struct SkillCheck {
  SkillSet skills;                  ///< Trained and evaluated.
  std::vector<SkillVerdict> alone;  ///< By skill.
  std::vector<EdgeVerdict> edges;   ///< From i to j at i * k + j; the diagonal is empty.
  OrderVerdict order;
};

/// Trains on every skill alone and on every pair, with each of learn.seeds, for learn.steps steps;
/// a skill counts as learned at a loss of recipe.threshold. Shares its probes with the learner
/// brute-force. @return nothing when the observer asked to stop or a shard of several was run.
/// @throws Error, also when the recipe's training and evaluation skills are not the same.
[[nodiscard]] std::optional<SkillCheck> check_recipe_skills(const Recipe& recipe,
                                                            const std::filesystem::path& runs,
                                                            StudyObserver& observer,
                                                            const Shard& shard = {});

}  // namespace skillit
