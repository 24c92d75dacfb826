#include "skillit/record/losses_file.h"

#include <fmt/core.h>

#include <limits>
#include <optional>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/strict_json_private.h"

namespace skillit {
namespace {

using detail::Json;

/// One record as written: skills by the record's own order.
struct Record {
  SkillSet skills;
  std::vector<std::vector<double>> evaluations;
  std::vector<bool> starts_round;     ///< By evaluation.
  std::optional<std::int64_t> round;  ///< Of a single evaluation that says it.
};

double loss_of(const Json& value, const std::string& where) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN()
                         : detail::json_number(value, where);
}

std::vector<double> losses_in_order(const Json& value, const SkillSet& skills,
                                    const std::string& where) {
  detail::json_array(value, where);
  if (value.size() != skills.size()) {
    fail(ErrorCode::kBadFormat, fmt::format("{} has {} losses; {} were expected, one per skill",
                                            where, value.size(), skills.size()));
  }
  std::vector<double> losses;
  for (std::size_t i = 0; i < skills.size(); ++i) {
    losses.push_back(loss_of(value[i], fmt::format("{}[{}] ('{}')", where, i, skills[i])));
  }
  return losses;
}

constexpr std::uint64_t kLargestNumber = std::uint64_t{1} << 53;  ///< Exact in every JSON library.

std::uint64_t whole_number(const Json& value, const std::string& where) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= kLargestNumber) {
    return value.get<std::uint64_t>();
  }
  fail(ErrorCode::kBadFormat,
       fmt::format("{} is {}; a whole number from 0 was expected", where, value.dump()));
}

void read_rounds(const Json& rounds, Record& record, const std::string& where) {
  record.starts_round.assign(record.evaluations.size(), false);
  std::uint64_t earliest = 0;
  for (const Json& item : detail::json_array(rounds, where)) {
    const std::uint64_t start = whole_number(item, where + " holds a value that");
    if (start < earliest || start >= record.evaluations.size() || (earliest == 0 && start != 0)) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: found {}; rounds start at 0, increase, and stay below the number of "
                       "evaluations ({})",
                       where, start, record.evaluations.size()));
    }
    record.starts_round[start] = true;
    earliest = start + 1;
  }
  if (earliest == 0 && !record.evaluations.empty()) {
    fail(ErrorCode::kBadFormat, where + ": is empty; the first round starts at 0");
  }
}

Record read_evaluations(const Json& object, const std::string& where) {
  detail::expect_keys(object, where, {"skills", "evaluations"}, {"rounds"});
  Record record;
  record.skills =
      SkillSet(detail::json_strings(object["skills"], where + ": skills"), where + ": skills");
  for (const Json& row : detail::json_array(object["evaluations"], where + ": evaluations")) {
    const std::string place = fmt::format("{}: evaluations[{}]", where, record.evaluations.size());
    record.evaluations.push_back(losses_in_order(row, record.skills, place));
  }
  record.starts_round.assign(record.evaluations.size(), true);
  if (object.contains("rounds")) read_rounds(object["rounds"], record, where + ": rounds");
  return record;
}

Record read_one_evaluation(const Json& object, const std::string& where) {
  detail::expect_keys(object, where, {"losses"}, {"skills", "round"});
  const Json& losses = object["losses"];
  const std::string place = where + ": losses";
  Record record;
  if (losses.is_object()) {
    if (object.contains("skills")) {
      fail(ErrorCode::kBadFormat,
           where + ": has 'skills' although 'losses' names them itself; leave 'skills' out");
    }
    std::vector<std::string> names;
    std::vector<double>& values = record.evaluations.emplace_back();
    for (const auto& [name, value] : losses.items()) {
      names.push_back(name);
      values.push_back(loss_of(value, fmt::format("{} of '{}'", place, name)));
    }
    record.skills = SkillSet(std::move(names), place);
  } else {
    detail::json_array(losses, place);
    detail::expect_keys(object, where, {"losses", "skills"}, {"round"});
    record.skills =
        SkillSet(detail::json_strings(object["skills"], where + ": skills"), where + ": skills");
    record.evaluations.push_back(losses_in_order(losses, record.skills, place));
  }
  record.starts_round = {true};
  if (object.contains("round")) {
    record.round = static_cast<std::int64_t>(whole_number(object["round"], where + ": round"));
  }
  return record;
}

}  // namespace

void LossLog::add_record(std::string_view json, const std::string& where) {
  const Json object = detail::parse_strict_json(json, where);
  Record record = object.is_object() && object.contains("evaluations")
                      ? read_evaluations(object, where)
                      : read_one_evaluation(object, where);
  if (record.skills.size() == 0)
    fail(ErrorCode::kBadFormat, where + ": names no skills; at least one was expected");
  if (record.round && *record.round < newest_round_) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: round is {}, but round {} has come before; rounds must not decrease",
                     where, *record.round, newest_round_));
  }
  std::vector<std::size_t> place_of;
  const SkillSet& known = skills_.size() == 0 ? record.skills : skills_;
  for (const auto& name : record.skills.names()) place_of.push_back(known.index_of(name, where));

  if (skills_.size() == 0) skills_ = record.skills;
  if (record.round == newest_round_) record.starts_round = {false};
  for (std::size_t e = 0; e < record.evaluations.size(); ++e) {
    if (record.starts_round[e]) {
      history_.round_starts.push_back(history_.evaluations.size());
      newest_round_ = record.round.value_or(newest_round_ + 1);
    }
    SkillLosses& losses = history_.evaluations.emplace_back();
    losses.values.assign(skills_.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < place_of.size(); ++i)
      losses.values[place_of[i]] = record.evaluations[e][i];
  }
}

void LossLog::add_file(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  if (path.extension() != ".jsonl") return add_record(text, path.string());
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    ++number;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      add_record(line, fmt::format("{}:{}", path.string(), number));
    }
    begin = end + 1;
  }
}

}  // namespace skillit
