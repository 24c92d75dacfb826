#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skillit {

/// An ordered list of distinct skill names; a skill's id is its place in the list. Value type.
class SkillSet {
 public:
  SkillSet() = default;
  /// `where` (a file, an option) begins the message. @throws Error kBadArgument on an empty or
  /// repeated name.
  explicit SkillSet(std::vector<std::string> names, std::string_view where = "skills");

  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }
  [[nodiscard]] const std::string& operator[](std::size_t id) const { return names_[id]; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  /// Id of a skill that must exist. @throws Error kMismatch naming it, the nearest name, and
  /// `where` it was asked.
  [[nodiscard]] std::size_t index_of(std::string_view name, std::string_view where) const;

  friend bool operator==(const SkillSet&, const SkillSet&) = default;

 private:
  std::vector<std::string> names_;
  std::vector<std::size_t> by_name_;  ///< Ids sorted by name, for find().
};

/// For each name of `wanted`, its id in `have`. @throws Error kMismatch that lists every missing
/// and every unexpected name at once; `have` and `wanted` must hold the same names in any order.
[[nodiscard]] std::vector<std::size_t> match_names(const SkillSet& wanted, const SkillSet& have,
                                                   std::string_view wanted_from,
                                                   std::string_view have_from);

}  // namespace skillit
