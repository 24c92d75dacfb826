#include "skillit/config/spec.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>

#include "skillit/base/error.h"

namespace skillit {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size();
}

}  // namespace

MethodSpec parse_method_spec(std::string_view text) {
  const auto colon = text.find(':');
  MethodSpec spec{std::string(text), std::string(text.substr(0, colon)), {}};
  if (spec.method.empty()) {
    fail(ErrorCode::kBadArgument,
         fmt::format("method '{}': has no name; write name or name:option=value,option=value",
                     text));
  }
  if (colon == std::string_view::npos) return spec;
  for (const std::string_view part : split(text.substr(colon + 1), ',')) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("{}: found '{}' where option=value was expected", text, part));
    }
    const std::string name(part.substr(0, equals));
    for (const auto& [earlier, value] : spec.options) {
      if (earlier == name) {
        fail(ErrorCode::kBadArgument,
             fmt::format("{}: the option '{}' is given twice; keep one", text, name));
      }
    }
    spec.options.emplace_back(name, part.substr(equals + 1));
  }
  return spec;
}

void parse_spec_value(std::string_view text, const std::string& where, double& value) {
  if (!read_number(text, value) || !std::isfinite(value)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{} is '{}'; a finite number was expected", where, text));
  }
}

void parse_spec_value(std::string_view text, const std::string& where, int& value) {
  if (!read_number(text, value)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("{} is '{}'; a whole number was expected", where, text));
  }
}

void parse_spec_value(std::string_view text, const std::string& where, bool& value) {
  value = parse_spec_choice(text, where, {"false", "true"}) == 1;
}

void parse_spec_value(std::string_view text, const std::string& where, std::vector<double>& value) {
  value.clear();
  for (const std::string_view part : split(text, '/'))
    parse_spec_value(part, where, value.emplace_back());
}

void parse_spec_value(std::string_view text, const std::string& where,
                      std::vector<std::vector<double>>& value) {
  value.clear();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('|', begin), text.size());
    parse_spec_value(text.substr(begin, end - begin), where, value.emplace_back());
    begin = end + 1;
  }
}

std::size_t parse_spec_choice(std::string_view text, const std::string& where,
                              const std::vector<std::string_view>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return i;
  }
  const std::string nearest = nearest_name(std::string(text), names);
  fail(ErrorCode::kBadArgument,
       fmt::format("{} is '{}'{}; it can be: {}", where, text,
                   nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                   fmt::join(names, ", ")));
}

void fail_unknown_option(const MethodSpec& spec, const std::string& name,
                         const std::vector<std::string_view>& known) {
  if (known.empty()) {
    fail(ErrorCode::kBadArgument, fmt::format("{}: '{}' takes no options, but '{}' was given",
                                              spec.text, spec.method, name));
  }
  const std::string nearest = nearest_name(name, known);
  fail(ErrorCode::kBadArgument,
       fmt::format("{}: '{}' has no option '{}'{}; its options are: {}", spec.text, spec.method,
                   name, nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                   fmt::join(known, ", ")));
}

}  // namespace skillit
