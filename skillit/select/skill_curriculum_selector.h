#pragma once

#include <memory>
#include <tuple>

#include "skillit/config/spec.h"
#include "skillit/select/selector.h"

namespace skillit {

struct SkillCurriculumOptions {
  double fraction = 0;  ///< In [0, 1]. The paper: 0.4; the authors' scripts: 0.

  static constexpr auto fields() {
    return std::tuple{
        SpecField{"fraction", &SkillCurriculumOptions::fraction,
                  "how much of each earlier skill comes again with every new one (default 0)"}};
  }
};

/// Skill by skill in the order of their losses before training, the lowest first. With n_i samples
/// of the i-th of k skills (the natural sizes; equal, where they are not known), stage i holds n_i
/// of skill i and fraction * n_j of every earlier skill j; then comes one stage with all n_j; all
/// lengths scaled to the training (the authors' formula, without rounding each stage down). Costs
/// one evaluation before training, which every run makes.
/// @throws Error kBadArgument on a fraction out of range; from next() without the loss of a
/// training skill, naming it.
[[nodiscard]] std::unique_ptr<Selector> make_skill_curriculum(const SkillCurriculumOptions& options,
                                                              const SelectorInputs& inputs);
/// The same, the highest loss first.
[[nodiscard]] std::unique_ptr<Selector> make_skill_anti_curriculum(
    const SkillCurriculumOptions& options, const SelectorInputs& inputs);

}  // namespace skillit
