#pragma once

#include <string>

#include "skillit/config/section.h"

namespace skillit::config {

namespace detail {
std::string help_text(const Section& defaults);
std::string markdown(const Section& defaults);
}  // namespace detail

/// One aligned line per key: dotted path, what it may be, default, help. Elements of a list of
/// sections stand as "stages.N.steps".
template <Options T>
[[nodiscard]] std::string help_text() {
  T defaults{};
  return detail::help_text(detail::bind(defaults));
}

/// The same rows as a Markdown table.
template <Options T>
[[nodiscard]] std::string markdown() {
  T defaults{};
  return detail::markdown(detail::bind(defaults));
}

}  // namespace skillit::config
