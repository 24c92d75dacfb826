#include "skillit/select/skill_curriculum_selector.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "skillit/base/error.h"
#include "skillit/select/stages.h"

namespace skillit {
namespace {

class SkillCurriculumSelector final : public Selector {
 public:
  SkillCurriculumSelector(double fraction, bool hardest_first, const SelectorInputs& inputs)
      : fraction_(fraction),
        hardest_first_(hardest_first),
        name_(hardest_first ? "skill-anti-curriculum" : "skill-curriculum"),
        train_skills_(inputs.train_skills),
        eval_skills_(inputs.eval_skills),
        sizes_(inputs.natural_sizes) {
    if (!(fraction >= 0 && fraction <= 1)) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: fraction is {}; it must be from 0 to 1", name_, fraction));
    }
    for (const std::string& skill : train_skills_.names()) (void)place_of(skill);
    if (sizes_.empty()) sizes_.assign(train_skills_.size(), 1.0);
  }

  [[nodiscard]] Mixture next(const RoundInputs& inputs) override {
    return mixture_of_stages(stages(order(inputs)), inputs, name_);
  }

 private:
  [[nodiscard]] std::size_t place_of(const std::string& skill) const {
    const auto place = eval_skills_.find(skill);
    if (!place) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: orders the training skills by their losses, but '{}' is not among the "
                       "evaluated skills",
                       name_, skill));
    }
    return *place;
  }

  [[nodiscard]] std::vector<std::size_t> order(const RoundInputs& inputs) const {
    const auto first = first_losses(inputs);
    std::vector<double> losses;
    for (const std::string& skill : train_skills_.names()) {
      const std::size_t place = place_of(skill);
      if (!first || place >= first->size() || !std::isfinite((*first)[place])) {
        fail(ErrorCode::kBadArgument,
             fmt::format("{}: needs the loss of '{}' before training", name_, skill));
      }
      losses.push_back((*first)[place]);
    }
    std::vector<std::size_t> result(losses.size());
    std::iota(result.begin(), result.end(), std::size_t{0});
    std::stable_sort(result.begin(), result.end(), [&](std::size_t a, std::size_t b) {
      return hardest_first_ ? losses[a] > losses[b] : losses[a] < losses[b];
    });
    return result;
  }

  [[nodiscard]] std::vector<Stage> stages(const std::vector<std::size_t>& order) const {
    std::vector<Stage> result;
    std::vector<double> shares(order.size(), 0.0);
    for (const std::size_t skill : order) {
      shares[skill] = sizes_[skill];
      result.push_back({std::accumulate(shares.begin(), shares.end(), 0.0), shares});
      shares[skill] = fraction_ * sizes_[skill];
    }
    result.push_back({std::accumulate(sizes_.begin(), sizes_.end(), 0.0), sizes_});
    return result;
  }

  double fraction_;
  bool hardest_first_;
  std::string name_;
  SkillSet train_skills_;
  SkillSet eval_skills_;
  std::vector<double> sizes_;
};

}  // namespace

std::unique_ptr<Selector> make_skill_curriculum(const SkillCurriculumOptions& options,
                                                const SelectorInputs& inputs) {
  return std::make_unique<SkillCurriculumSelector>(options.fraction, false, inputs);
}

std::unique_ptr<Selector> make_skill_anti_curriculum(const SkillCurriculumOptions& options,
                                                     const SelectorInputs& inputs) {
  return std::make_unique<SkillCurriculumSelector>(options.fraction, true, inputs);
}

}  // namespace skillit
