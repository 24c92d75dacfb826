#pragma once

#include <string>
#include <vector>

#include "skillit/config/section.h"

namespace skillit::config {

namespace detail {
std::string dump_yaml(const Section& options);
std::vector<std::string> diff(const Section& here, const Section& there);
}  // namespace detail

/// All options as YAML, in the order of the tables. Equal options give equal bytes, and load_yaml()
/// of the text gives equal options. @throws Error kBadArgument when a number is not finite or a
/// string is not UTF-8.
template <Options T>
[[nodiscard]] std::string dump_yaml(const T& options) {
  T copy = options;
  return detail::dump_yaml(detail::bind(copy));
}

/// One line per value that differs: "optimizer.lr: 0.001 here, 0.002 there". Empty when dump_yaml()
/// is equal.
template <Options T>
[[nodiscard]] std::vector<std::string> diff(const T& here, const T& there) {
  T here_copy = here;
  T there_copy = there;
  return detail::diff(detail::bind(here_copy), detail::bind(there_copy));
}

}  // namespace skillit::config
