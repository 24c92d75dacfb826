#include "skillit/skill/skill_graph.h"

#include <fmt/format.h>

#include <cmath>

#include "skillit/base/error.h"

namespace skillit {

SkillGraph::SkillGraph(SkillSet train_skills, SkillSet eval_skills, std::vector<double> weights,
                       std::string_view where)
    : train_(std::move(train_skills)), eval_(std::move(eval_skills)), weights_(std::move(weights)) {
  if (train_.size() == 0 || eval_.size() == 0) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: a graph needs at least one training and one evaluation skill", where));
  }
  if (weights_.size() != train_.size() * eval_.size()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{}: {} weights found, {} x {} = {} expected", where, weights_.size(),
                     train_.size(), eval_.size(), train_.size() * eval_.size()));
  }
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    if (!std::isfinite(weights_[i])) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: the edge {} -> {} is {}; edges must be finite numbers", where,
                       train_[i / eval_.size()], eval_[i % eval_.size()], weights_[i]));
    }
  }
}

SkillGraph SkillGraph::identity(const SkillSet& train_skills, const SkillSet& eval_skills) {
  std::vector<double> weights(train_skills.size() * eval_skills.size(), 0.0);
  for (std::size_t i = 0; i < train_skills.size(); ++i) {
    if (const auto j = eval_skills.find(train_skills[i]))
      weights[i * eval_skills.size() + *j] = 1.0;
  }
  return {train_skills, eval_skills, std::move(weights)};
}

SkillGraph SkillGraph::reordered(const SkillSet& train_skills, const SkillSet& eval_skills,
                                 std::string_view where) const {
  const auto rows = match_names(train_skills, train_, "the run's training skills",
                                fmt::format("{}'s rows", where));
  const auto columns = match_names(eval_skills, eval_, "the run's evaluation skills",
                                   fmt::format("{}'s columns", where));
  std::vector<double> weights;
  weights.reserve(weights_.size());
  for (const std::size_t i : rows) {
    for (const std::size_t j : columns) weights.push_back((*this)(i, j));
  }
  return {train_skills, eval_skills, std::move(weights), where};
}

SkillGraph SkillGraph::selected(const SkillSet& train_skills, const SkillSet& eval_skills,
                                std::string_view where) const {
  std::vector<double> weights;
  weights.reserve(train_skills.size() * eval_skills.size());
  for (const std::string& train : train_skills.names()) {
    const std::size_t i = train_.index_of(train, where);
    for (const std::string& eval : eval_skills.names())
      weights.push_back((*this)(i, eval_.index_of(eval, where)));
  }
  return {train_skills, eval_skills, std::move(weights), where};
}

}  // namespace skillit
