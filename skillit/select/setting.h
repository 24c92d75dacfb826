#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "skillit/skill/skill_graph.h"
#include "skillit/skill/skill_set.h"

namespace skillit {

/// How the skills that are trained on and those that count are related (the paper's section 2).
enum class Setting {
  kAuto,         ///< As the skills are; see setting_of().
  kPretrain,     ///< The same skills.
  kFinetune,     ///< What counts are some of the training skills; the others are prerequisites.
  kOutOfDomain,  ///< None in common: a rectangular graph.
};
/// In the order of the enumerators.
inline constexpr std::array<std::string_view, 4> kSettings{"auto", "pretrain", "finetune",
                                                           "out-of-domain"};

/// @param name one of kSettings.
[[nodiscard]] Setting setting_from_name(std::string_view name);

/// Never kAuto. Skills in common beside skills that are not make it fine-tuning. `targets` empty =
/// every evaluation skill counts.
[[nodiscard]] Setting setting_of(const SkillSet& train_skills, const SkillSet& eval_skills,
                                 const std::vector<std::string>& targets);

/// @throws Error kMismatch when the skills are not those of `wanted`, naming the first that
/// contradicts it; anything goes with kAuto.
void check_setting(Setting wanted, const SkillSet& train_skills, const SkillSet& eval_skills,
                   const std::vector<std::string>& targets);

/// Rows of the graph with a positive edge to one of the targets, by id; `targets` empty = to any
/// column. @throws Error kMismatch for a target that is no column.
[[nodiscard]] std::vector<bool> prerequisites(const SkillGraph& graph,
                                              const std::vector<std::string>& targets);

}  // namespace skillit
