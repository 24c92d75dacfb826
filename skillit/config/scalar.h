#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "skillit/config/fields.h"
#include "skillit/config/yaml_tree.h"

namespace skillit::config::detail {

// The text form of single values, in both directions. T is bool, std::int64_t, double or
// std::string.

/// Sets `out` from a node of any kind; returns what is wrong, or "" when nothing is. Then `out` is
/// unchanged. Integers may be written 3000 or 3e3; a number is finite; anything but an empty value
/// is a string.
template <class T>
[[nodiscard]] std::string read_scalar(const TextNode& node, const Limits& limits, T& out);

/// The shortest YAML that read_scalar() turns into exactly this value. `path` names it in messages.
/// @throws Error kBadArgument when there is none: NaN, infinity, a string that is not UTF-8.
template <class T>
[[nodiscard]] std::string write_scalar(const T& value, std::string_view path);

/// "integer >= 1", "number > 0", "true | false", "linear | cosine", …
template <class T>
[[nodiscard]] std::string describe_scalar(const Limits& limits);

/// What stands there, for a message: "'abc'", "a list", …
[[nodiscard]] std::string describe_found(const TextNode& node);

}  // namespace skillit::config::detail
