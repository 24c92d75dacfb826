#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "skillit/skill/skill_set.h"

namespace skillit {

/// The skills graph A: rows are training skills i, columns are evaluation skills j; A(i, j) says
/// how much training on i helps j (0 = no edge, negative = harms). Named on both axes; never
/// matched by position. Value type.
class SkillGraph {
 public:
  SkillGraph() = default;
  /// `weights` row-major, train.size() * eval.size() values. @throws Error kBadArgument on another
  /// count, NaN or infinity, naming the edge; `where` begins the message.
  SkillGraph(SkillSet train_skills, SkillSet eval_skills, std::vector<double> weights,
             std::string_view where = "graph");
  /// A_ij = 1 where the train and the evaluation skill have the same name: every skill helps only
  /// itself.
  [[nodiscard]] static SkillGraph identity(const SkillSet& train_skills,
                                           const SkillSet& eval_skills);

  [[nodiscard]] const SkillSet& train_skills() const noexcept { return train_; }
  [[nodiscard]] const SkillSet& eval_skills() const noexcept { return eval_; }
  [[nodiscard]] double operator()(std::size_t train, std::size_t eval) const {
    return weights_[train * eval_.size() + eval];
  }
  /// Row i: the edges from training skill i to every evaluation skill.
  [[nodiscard]] std::span<const double> row(std::size_t train) const {
    return std::span(weights_).subspan(train * eval_.size(), eval_.size());
  }
  /// The same edges with both axes in the given orders. @throws Error kMismatch when the names
  /// differ.
  [[nodiscard]] SkillGraph reordered(const SkillSet& train_skills, const SkillSet& eval_skills,
                                     std::string_view where = "graph") const;

  /// The edges among the skills named alone. @throws Error kMismatch for a name that is not there.
  [[nodiscard]] SkillGraph selected(const SkillSet& train_skills, const SkillSet& eval_skills,
                                    std::string_view where = "graph") const;

  friend bool operator==(const SkillGraph&, const SkillGraph&) = default;

 private:
  SkillSet train_;
  SkillSet eval_;
  std::vector<double> weights_;
};

}  // namespace skillit
