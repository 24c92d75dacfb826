#include "skillit/base/strict_json_private.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "skillit/base/error.h"

namespace skillit::detail {
namespace {

/// Whether the word that the parser stopped in is one that other programs write for a missing
/// number.
bool stopped_at_nan(std::string_view text, std::size_t place) {
  const auto letter = [&](std::size_t i) {
    return std::isalpha(static_cast<unsigned char>(text[i])) != 0;
  };
  if (place >= text.size() || !letter(place)) return false;
  std::size_t begin = place;
  while (begin > 0 && letter(begin - 1)) --begin;
  std::string word;
  for (std::size_t i = begin; i < text.size() && letter(i); ++i) {
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
  }
  return word == "nan" || word == "inf" || word == "infinity";
}

[[noreturn]] void fail_syntax(std::string_view text, const std::string& where,
                              const Json::parse_error& problem) {
  const std::size_t place = problem.byte > 0 ? problem.byte - 1 : 0;
  const std::string_view before = text.substr(0, std::min(place, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto last_break = before.rfind('\n');
  const std::size_t column =
      before.size() - (last_break == std::string_view::npos ? 0 : last_break + 1) + 1;
  std::string reason = problem.what();
  const auto detail = reason.find(": ");
  if (detail != std::string::npos) reason.erase(0, detail + 2);
  if (stopped_at_nan(text, place))
    reason = "JSON has no NaN or infinity (a loss that was not measured is null)";
  fail(ErrorCode::kBadFormat,
       fmt::format("{}: not valid JSON at line {}, column {}: {}", where, line, column, reason));
}

std::string kind(const Json& value) {
  return value.is_null() ? "null"
                         : fmt::format("{} {}", value.is_array() ? "an" : "a", value.type_name());
}

}  // namespace

Json parse_strict_json(std::string_view text, const std::string& where) {
  std::vector<std::set<std::string>> open_objects;
  const auto refuse_repeats = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open_objects.emplace_back();
    if (event == Json::parse_event_t::object_end) open_objects.pop_back();
    if (event == Json::parse_event_t::key &&
        !open_objects.back().insert(parsed.get<std::string>()).second) {
      fail(ErrorCode::kBadFormat,
           fmt::format("{}: the key {} is given twice; keep one", where, parsed.dump()));
    }
    return true;
  };
  try {
    return Json::parse(text, refuse_repeats);
  } catch (const Json::parse_error& problem) {
    fail_syntax(text, where, problem);
  } catch (const Json::out_of_range& problem) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: a number is too large: {}", where, problem.what()));
  }
}

void expect_keys(const Json& value, const std::string& where,
                 std::initializer_list<const char*> required,
                 std::initializer_list<const char*> optional) {
  if (!value.is_object()) {
    fail(ErrorCode::kBadFormat, fmt::format("{}: found {}; an object with the keys {} was expected",
                                            where, kind(value), fmt::join(required, ", ")));
  }
  std::vector<std::string> known(required.begin(), required.end());
  known.insert(known.end(), optional.begin(), optional.end());
  for (const auto& [key, unused] : value.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string nearest = nearest_name(key, known);
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: unknown key {}{}; the keys are: {}", where, Json(key).dump(),
                     nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                     fmt::join(known, ", ")));
  }
  for (const char* key : required) {
    if (!value.contains(key))
      fail(ErrorCode::kBadFormat, fmt::format("{}: the key '{}' is missing", where, key));
  }
}

double json_number(const Json& value, const std::string& where) {
  if (!value.is_number())
    fail(ErrorCode::kBadFormat, fmt::format("{} is {}; a number was expected", where, kind(value)));
  return value.get<double>();
}

const Json& json_array(const Json& value, const std::string& where) {
  if (!value.is_array())
    fail(ErrorCode::kBadFormat, fmt::format("{} is {}; an array was expected", where, kind(value)));
  return value;
}

std::vector<std::string> json_strings(const Json& value, const std::string& where) {
  std::vector<std::string> strings;
  for (const Json& item : json_array(value, where)) {
    if (!item.is_string()) {
      fail(ErrorCode::kBadFormat, fmt::format("{}[{}] is {}; a name in quotes was expected", where,
                                              strings.size(), kind(item)));
    }
    strings.push_back(item.get<std::string>());
  }
  return strings;
}

std::string json_quoted(const std::string& text) {
  try {
    return Json(text).dump();
  } catch (const Json::type_error&) {
    fail(ErrorCode::kBadArgument,
         "a name is not valid UTF-8 and cannot be written as JSON; rename the skill");
  }
}

}  // namespace skillit::detail
