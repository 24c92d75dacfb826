#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

// For this project's own .cpp files; not installed, so that no user needs the JSON library.
namespace skillit::detail {

using Json = nlohmann::json;

/// A whole JSON document. Stricter than the parser alone: a repeated key is refused. `where` begins
/// every message, which says line and column. @throws Error kBadFormat.
[[nodiscard]] Json parse_strict_json(std::string_view text, const std::string& where);

/// @throws Error kBadFormat when `value` is no object, lacks a required key, or has one that is in
/// neither list (with the nearest known name).
void expect_keys(const Json& value, const std::string& where,
                 std::initializer_list<const char*> required,
                 std::initializer_list<const char*> optional = {});

/// A number, and nothing that only looks like one. @throws Error kBadFormat.
[[nodiscard]] double json_number(const Json& value, const std::string& where);
/// An array of strings. @throws Error kBadFormat.
[[nodiscard]] std::vector<std::string> json_strings(const Json& value, const std::string& where);
/// `value` itself, which must be an array. @throws Error kBadFormat.
const Json& json_array(const Json& value, const std::string& where);

/// `text` between quotes and escaped. @throws Error kBadArgument when it is not valid UTF-8.
[[nodiscard]] std::string json_quoted(const std::string& text);

}  // namespace skillit::detail
