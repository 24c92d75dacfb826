#include "skillit/data/json_line_private.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <vector>

#include "skillit/base/error.h"

namespace skillit::detail {
namespace {

std::string_view type_name(simdjson::dom::element_type type) {
  using Type = simdjson::dom::element_type;
  switch (type) {
    case Type::ARRAY:
      return "an array";
    case Type::OBJECT:
      return "an object";
    case Type::BOOL:
      return "true or false";
    case Type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

}  // namespace

std::string LinePlace::text() const {
  if (line == 0) return std::string(file);
  return unit.empty() ? fmt::format("{}:{}", file, line)
                      : fmt::format("{}: {} {}", file, unit, line);
}

void LinePlace::refuse(const std::string& reason) const {
  fail(ErrorCode::kBadFormat, fmt::format("{}: {}", text(), reason));
}

simdjson::dom::object JsonLineParser::parse(std::string_view line, const LinePlace& place) {
  simdjson::dom::element json;
  if (const auto problem = parser_.parse(line.data(), line.size()).get(json)) {
    if (problem == simdjson::UTF8_ERROR)
      place.refuse("the line is not valid UTF-8; convert the file");
    const bool not_a_number = line.find(": NaN") != line.npos || line.find(":NaN") != line.npos;
    place.refuse(fmt::format(
        "the line is not JSON ({}); each line must be one object",
        not_a_number ? "there is no NaN in it; write null" : simdjson::error_message(problem)));
  }
  simdjson::dom::object object;
  if (json.get(object)) place.refuse("the line is JSON, but no object like {\"text\": \"..\"}");
  return object;
}

namespace {

simdjson::dom::element field_of(simdjson::dom::object object, std::string_view name,
                                std::string_view option, const LinePlace& place) {
  simdjson::dom::element value;
  if (object.at_key(name).get(value)) {
    std::vector<std::string> names;
    for (const auto& field : object) names.emplace_back(field.key);
    place.refuse(fmt::format("there is no field '{}'; the fields are: {} (choose with {})", name,
                             fmt::join(names, ", "), option));
  }
  return value;
}

}  // namespace

std::string_view string_field(simdjson::dom::object object, std::string_view name,
                              std::string_view option, const LinePlace& place) {
  const simdjson::dom::element value = field_of(object, name, option, place);
  std::string_view text;
  if (value.get(text)) {
    place.refuse(fmt::format("the field '{}' is no string but {}", name, type_name(value.type())));
  }
  return text;
}

std::string_view name_field(simdjson::dom::object object, std::string_view name,
                            std::string_view option, const LinePlace& place, std::string& digits) {
  const simdjson::dom::element value = field_of(object, name, option, place);
  if (std::int64_t number = 0; !value.get(number)) {
    digits = std::to_string(number);
    return digits;
  }
  return string_field(object, name, option, place);
}

}  // namespace skillit::detail
