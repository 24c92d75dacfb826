#include "skillit/skill/skill_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "skillit/base/error.h"

namespace skillit {

SkillSet::SkillSet(std::vector<std::string> names, std::string_view where)
    : names_(std::move(names)), by_name_(names_.size()) {
  std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
  std::sort(by_name_.begin(), by_name_.end(),
            [&](auto a, auto b) { return names_[a] < names_[b]; });
  for (std::size_t i = 0; i < by_name_.size(); ++i) {
    const std::string& name = names_[by_name_[i]];
    if (name.empty()) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: skill {} has an empty name; give it one", where, by_name_[i]));
    }
    if (i > 0 && name == names_[by_name_[i - 1]]) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: the skill '{}' is named twice; names must differ", where, name));
    }
  }
}

std::optional<std::size_t> SkillSet::find(std::string_view name) const {
  const auto place =
      std::lower_bound(by_name_.begin(), by_name_.end(), name,
                       [&](std::size_t id, std::string_view key) { return names_[id] < key; });
  if (place == by_name_.end() || names_[*place] != name) return std::nullopt;
  return *place;
}

std::size_t SkillSet::index_of(std::string_view name, std::string_view where) const {
  if (const auto id = find(name)) return *id;
  const std::string nearest = nearest_name(std::string(name), names_);
  fail(ErrorCode::kMismatch,
       fmt::format("{}: there is no skill '{}'{}; the skills are: {}", where, name,
                   nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                   fmt::join(names_, ", ")));
}

std::vector<std::size_t> match_names(const SkillSet& wanted, const SkillSet& have,
                                     std::string_view wanted_from, std::string_view have_from) {
  std::vector<std::size_t> ids;
  std::vector<std::string> missing;
  for (const auto& name : wanted.names()) {
    if (const auto id = have.find(name))
      ids.push_back(*id);
    else
      missing.push_back(name);
  }
  std::vector<std::string> extra;
  for (const auto& name : have.names()) {
    if (!wanted.find(name)) extra.push_back(name);
  }
  if (!missing.empty() || !extra.empty()) {
    std::string message = fmt::format("{} and {} name different skills:", wanted_from, have_from);
    if (!missing.empty())
      message += fmt::format(" only {} has {};", wanted_from, fmt::join(missing, ", "));
    if (!extra.empty())
      message += fmt::format(" only {} has {};", have_from, fmt::join(extra, ", "));
    fail(ErrorCode::kMismatch, message + " both must hold the same names");
  }
  return ids;
}

}  // namespace skillit
