#pragma once

#include <string>

#include "skillit/config/section.h"

namespace skillit::config::detail {

/// A scalar, list or map on one line of YAML: "0.001", "[0, 1]", "{a: x.jsonl}"; "" for sections
/// and lists of them. `path` names the key in errors. @throws Error kBadArgument as write_scalar().
[[nodiscard]] std::string flow_text(const Value& value, const std::string& path);

}  // namespace skillit::config::detail
