#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "skillit/config/session.h"

namespace skillit::config::detail {

/// One value of a YAML text with its place. The text's only form from here on: no anchors, tags or
/// merges are left.
struct TextNode {
  enum class Kind {
    kNothing,  ///< Empty, ~ or null.
    kScalar,
    kList,
    kMap,
    kRefused,  ///< Already reported; says nothing about the options.
  };
  Kind kind = Kind::kNothing;
  int line = 1;
  std::string key = {};   ///< In a map: what this value is called.
  std::string text = {};  ///< Of a scalar.
  bool quoted = false;    ///< Of a scalar: written in quotes or as a block.
  std::vector<TextNode> children = {};
};

/// UTF-8 without control characters other than tabs and line ends.
[[nodiscard]] bool is_text(std::string_view bytes);

/// Reads one YAML document and reports to `session` what cannot be read or is not supported: bytes
/// that are not text, syntax errors, anchors, aliases, tags, merge keys, keys that are not plain
/// names, repeated keys, nesting deeper than 32, a text larger than 1 MiB, a second document.
[[nodiscard]] TextNode read_yaml(std::string_view text, Session& session);

}  // namespace skillit::config::detail
