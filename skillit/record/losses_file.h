#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "skillit/skill/skill_losses.h"
#include "skillit/skill/skill_set.h"

namespace skillit {

/// Losses that another program measured, as it wrote them. One record is a JSON object in one of
/// three forms:
///   {"skills": ["a", "b"], "evaluations": [[0.7, 0.6], [0.5, 0.4]]}     several evaluations,
///   oldest first
///   {"losses": {"a": 0.7, "b": 0.6}}                                    one evaluation
///   {"skills": ["a", "b"], "losses": [0.7, 0.6]}                        the same
/// A losses file (.json) is one record; a log (.jsonl) has one on each line, and each adds to those
/// before it. null, or a skill left out, means not measured. Skills are matched by name in whatever
/// order they come.
///
/// Each evaluation is a round of its own unless the record says otherwise: "rounds": [0, 2] beside
/// "evaluations" gives the index at which each round starts, "round": 3 beside "losses" the round
/// it belongs to (numbers that do not decrease; the same number = the same round).
class LossLog {
 public:
  /// An empty log whose skills the first record names, in its order.
  LossLog() = default;
  /// An empty log of these skills: `skills` fixes their order, a record may name no other.
  explicit LossLog(SkillSet skills) : skills_(std::move(skills)) {}

  /// Adds all records of a file. @throws Error kBadFormat, kMismatch (an unknown skill), kIo; with
  /// file and line.
  void add_file(const std::filesystem::path& path);
  /// Adds one record; `where` begins the messages. On an error nothing is added.
  void add_record(std::string_view json, const std::string& where);

  [[nodiscard]] const SkillSet& skills() const noexcept { return skills_; }
  [[nodiscard]] const LossHistory& history() const noexcept { return history_; }

 private:
  SkillSet skills_;
  LossHistory history_;
  std::int64_t newest_round_ = -1;
};

}  // namespace skillit
