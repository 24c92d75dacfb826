#include "skillit/data/stream_state.h"

#include <fmt/core.h>

#include <array>
#include <set>

#include "skillit/base/error.h"
#include "skillit/base/strict_json_private.h"
#include "skillit/data/fair_order.h"
#include "skillit/data/stream_names.h"

namespace skillit {
namespace {

using detail::Json;
using Ordered = nlohmann::ordered_json;

constexpr std::uint64_t kVersion = 1;
constexpr std::string_view kFormat = "skillit stream";

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  fail(ErrorCode::kBadFormat, fmt::format("{}: {}; the file is damaged", where, what));
}

/// [whole, rest]: whole + rest / 2^62, 0 <= rest < 2^62.
Ordered fixed_json(Fixed value) {
  Fixed whole = value / kFixedOne;
  if (value % kFixedOne < 0) --whole;
  return {static_cast<std::int64_t>(whole), static_cast<std::uint64_t>(value - whole * kFixedOne)};
}

Ordered ledger_json(const StreamLedger& ledger) {
  return {{"samples", ledger.samples},
          {"units", ledger.units},
          {"asked", fixed_json(ledger.asked)},
          {"owed", fixed_json(ledger.owed)}};
}

Ordered skill_json(const StreamState::Skill& skill) {
  Ordered growths = Ordered::array();
  for (const auto& growth : skill.growths) {
    growths.push_back(Ordered::array({growth.drawn, growth.size_before}));
  }
  return {{"name", skill.name},
          {"size", skill.size},
          {"key", skill.key},
          {"max_epochs", skill.max_epochs},
          {"growths", growths},
          {"now", ledger_json(skill.now)},
          {"block_start", ledger_json(skill.block_start)},
          {"share", skill.share}};
}

std::uint64_t count_of(const Json& value, const char* key, const std::string& where) {
  if (!value.at(key).is_number_unsigned())
    refuse(where, fmt::format("\"{}\" is no whole number >= 0", key));
  return value.at(key).get<std::uint64_t>();
}

template <std::size_t N>
std::size_t choice_of(const Json& value, const char* key,
                      const std::array<std::string_view, N>& names, const std::string& where) {
  for (std::size_t i = 0; i < N; ++i) {
    if (value.at(key).is_string() && value.at(key).get_ref<const std::string&>() == names[i])
      return i;
  }
  refuse(where, fmt::format("\"{}\" is none of the known names", key));
}

Fixed fixed_of(const Json& value, const char* key, const std::string& where) {
  const Json& parts = value.at(key);
  if (!parts.is_array() || parts.size() != 2 || !parts[0].is_number_integer() ||
      !parts[1].is_number_unsigned() || parts[1].get<std::uint64_t>() >= kFixedOne) {
    refuse(where, fmt::format("\"{}\" is not [whole, 62-bit fraction]", key));
  }
  const auto whole = parts[0].get<std::int64_t>();
  constexpr auto kMost = static_cast<std::int64_t>(kFixedOne);
  if (whole > kMost || whole < -kMost) refuse(where, fmt::format("\"{}\" is too large", key));
  return static_cast<Fixed>(whole) * kFixedOne + parts[1].get<std::uint64_t>();
}

StreamLedger ledger_of(const Json& value, const std::string& where) {
  detail::expect_keys(value, where, {"samples", "units", "asked", "owed"});
  return {count_of(value, "samples", where), count_of(value, "units", where),
          fixed_of(value, "asked", where), fixed_of(value, "owed", where)};
}

StreamState::Skill skill_of(const Json& value, const std::string& list_name) {
  detail::expect_keys(
      value, list_name,
      {"name", "size", "key", "max_epochs", "growths", "now", "block_start", "share"});
  if (!value.at("name").is_string()) refuse(list_name, "\"name\" is no text");
  StreamState::Skill skill;
  skill.name = value.at("name").get<std::string>();
  const std::string where = fmt::format("{}: skill '{}'", list_name, skill.name);
  skill.size = count_of(value, "size", where);
  skill.key = count_of(value, "key", where);
  skill.max_epochs = count_of(value, "max_epochs", where);
  skill.share = count_of(value, "share", where);
  skill.now = ledger_of(value.at("now"), where);
  skill.block_start = ledger_of(value.at("block_start"), where);
  std::uint64_t size = 0;
  std::uint64_t drawn = 0;
  for (const Json& growth : detail::json_array(value.at("growths"), where)) {
    if (!growth.is_array() || growth.size() != 2 || !growth[0].is_number_unsigned() ||
        !growth[1].is_number_unsigned()) {
      refuse(where, "a growth is not [drawn, size before]");
    }
    skill.growths.push_back({growth[0].get<std::uint64_t>(), growth[1].get<std::uint64_t>()});
    const auto& [grown_at, before] = skill.growths.back();
    if (grown_at < drawn || before < size) refuse(where, "its growths do not rise");
    drawn = grown_at;
    size = before;
  }
  if (size > skill.size || drawn > skill.block_start.samples ||
      skill.block_start.samples > skill.now.samples || skill.block_start.units > skill.now.units ||
      skill.size > kFixedOne || skill.now.samples > kFixedOne || skill.now.units > kFixedOne ||
      (skill.size == 0 && (skill.share > 0 || skill.now.samples > 0))) {
    refuse(where, "its numbers contradict each other");
  }
  return skill;
}

void check_sums(const StreamState& state, const std::string& where) {
  Fixed shares = 0;
  Fixed owed = 0;
  Fixed owed_at_start = 0;
  std::uint64_t read = 0;
  std::set<std::string_view> names;
  for (const auto& skill : state.skills) {
    shares += skill.share;
    if (__builtin_add_overflow(owed, skill.now.owed, &owed) ||
        __builtin_add_overflow(owed_at_start, skill.block_start.owed, &owed_at_start)) {
      refuse(where, "what is owed is too large");
    }
    read += skill.now.samples - skill.block_start.samples;
    if (!names.insert(skill.name).second)
      refuse(where, fmt::format("the skill '{}' stands twice", skill.name));
  }
  for (const auto& skill : state.removed) {
    if (!names.insert(skill.name).second)
      refuse(where, fmt::format("the skill '{}' stands twice", skill.name));
  }
  if (state.skills.empty() || owed != 0 || owed_at_start != 0 || read != state.block_offset ||
      state.block_offset > state.block_samples || state.block_samples > kFixedOne ||
      shares != (state.block_samples > 0 ? Fixed{kFixedOne} : 0)) {
    refuse(where, "the sums over the skills contradict each other");
  }
  if (state.fair && state.block_samples > FairOrder::kMostSamples)
    refuse(where, "no fair block is as long as this one");
}

}  // namespace

std::string to_json(const StreamState& state) {
  const auto list = [](const std::vector<StreamState::Skill>& skills) {
    Ordered result = Ordered::array();
    for (const auto& skill : skills) result.push_back(skill_json(skill));
    return result;
  };
  const Ordered json = {
      {"format", kFormat},
      {"version", kVersion},
      {"seed", state.seed},
      {"unit", kStreamUnits[static_cast<std::size_t>(state.unit)]},
      {"fair", state.fair},
      {"when_spent", kWhenSpentNames[static_cast<std::size_t>(state.when_spent)]},
      {"block", {{"samples", state.block_samples}, {"offset", state.block_offset}}},
      {"skills", list(state.skills)},
      {"removed", list(state.removed)}};
  return json.dump(1) + "\n";
}

StreamState parse_stream_state(std::string_view text, const std::string& where) {
  const Json json = detail::parse_strict_json(text, where);
  if (!json.is_object() || !json.contains("format") || json["format"] != kFormat)
    refuse(where, "this is no state of a stream");
  if (!json.contains("version") || json["version"] != kVersion) {
    fail(ErrorCode::kBadFormat,
         fmt::format("{}: it is of another version; this program reads version {}", where,
                     kVersion));
  }
  detail::expect_keys(
      json, where,
      {"format", "version", "seed", "unit", "fair", "when_spent", "block", "skills", "removed"});
  StreamState state;
  state.seed = count_of(json, "seed", where);
  state.unit = static_cast<StreamUnit>(choice_of(json, "unit", kStreamUnits, where));
  if (!json["fair"].is_boolean()) refuse(where, "\"fair\" is neither true nor false");
  state.fair = json["fair"].get<bool>();
  state.when_spent = static_cast<WhenSpent>(choice_of(json, "when_spent", kWhenSpentNames, where));
  detail::expect_keys(json["block"], where, {"samples", "offset"});
  state.block_samples = count_of(json["block"], "samples", where);
  state.block_offset = count_of(json["block"], "offset", where);
  for (const Json& skill : detail::json_array(json["skills"], where))
    state.skills.push_back(skill_of(skill, where));
  for (const Json& skill : detail::json_array(json["removed"], where))
    state.removed.push_back(skill_of(skill, where));
  check_sums(state, where);
  return state;
}

}  // namespace skillit
