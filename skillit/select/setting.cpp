#include "skillit/select/setting.h"

#include <fmt/format.h>

#include <algorithm>

#include "skillit/base/error.h"

namespace skillit {
namespace {

const std::vector<std::string>& counted(const SkillSet& eval_skills,
                                        const std::vector<std::string>& targets) {
  return targets.empty() ? eval_skills.names() : targets;
}

[[noreturn]] void refuse(Setting wanted, const std::string& found) {
  fail(ErrorCode::kMismatch, fmt::format("setting: {} was asked for, but {}",
                                         kSettings[static_cast<std::size_t>(wanted)], found));
}

}  // namespace

Setting setting_from_name(std::string_view name) {
  const auto place = std::find(kSettings.begin(), kSettings.end(), name);
  SKILLIT_ASSERT(place != kSettings.end());
  return static_cast<Setting>(place - kSettings.begin());
}

Setting setting_of(const SkillSet& train_skills, const SkillSet& eval_skills,
                   const std::vector<std::string>& targets) {
  const auto& names = counted(eval_skills, targets);
  const auto common = static_cast<std::size_t>(
      std::count_if(names.begin(), names.end(),
                    [&](const std::string& name) { return train_skills.find(name).has_value(); }));
  if (common == 0) return Setting::kOutOfDomain;
  return common == names.size() && common == train_skills.size() ? Setting::kPretrain
                                                                 : Setting::kFinetune;
}

void check_setting(Setting wanted, const SkillSet& train_skills, const SkillSet& eval_skills,
                   const std::vector<std::string>& targets) {
  if (wanted == Setting::kAuto) return;
  const auto& names = counted(eval_skills, targets);
  for (const std::string& name : names) {
    const bool trained = train_skills.find(name).has_value();
    if (wanted == Setting::kOutOfDomain && trained) {
      refuse(wanted, fmt::format("'{}' is both trained on and evaluated; leave it out of one of "
                                 "train_on and targets",
                                 name));
    }
    if (wanted != Setting::kOutOfDomain && !trained) {
      refuse(wanted, fmt::format("'{}' is evaluated and not trained on; add it to train_on, or use "
                                 "setting=out-of-domain",
                                 name));
    }
  }
  if (wanted == Setting::kOutOfDomain) return;
  const SkillSet evaluated(names, "targets");
  const auto& trained = train_skills.names();
  const auto extra = std::find_if(trained.begin(), trained.end(), [&](const std::string& name) {
    return !evaluated.find(name).has_value();
  });
  if (wanted == Setting::kPretrain && extra != trained.end()) {
    refuse(wanted, fmt::format("'{}' is trained on and does not count; evaluate it too, or use "
                               "setting=finetune",
                               *extra));
  }
  if (wanted == Setting::kFinetune && extra == trained.end() && trained.size() > 1) {
    refuse(wanted, "every training skill is a target; name fewer targets, or use setting=pretrain");
  }
}

std::vector<bool> prerequisites(const SkillGraph& graph, const std::vector<std::string>& targets) {
  std::vector<std::size_t> columns;
  for (const std::string& name : counted(graph.eval_skills(), targets))
    columns.push_back(graph.eval_skills().index_of(name, "targets"));
  std::vector<bool> result;
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    result.push_back(std::any_of(columns.begin(), columns.end(),
                                 [&](std::size_t j) { return graph(i, j) > 0; }));
  }
  return result;
}

}  // namespace skillit
