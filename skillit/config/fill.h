#pragma once

#include <string>

#include "skillit/config/section.h"
#include "skillit/config/session.h"
#include "skillit/config/yaml_tree.h"

namespace skillit::config::detail {

/// Writes what a YAML tree says into the options behind `section`; keys that it does not name keep
/// their value, a list or map that it names is replaced. Problems go to `session`. `root` is the
/// outermost section, for hints.
void fill_section(Section& section, const TextNode& node, const std::string& path,
                  const Section& root, Session& session);

/// The same for the value of one key.
void fill_key(Key& key, const TextNode& node, const std::string& path, const Section& root,
              Session& session);

/// "unknown key 'stpes'; did you mean 'steps'?", for a name that `section` lacks.
[[nodiscard]] std::string unknown_key(std::string_view name, const Section& section,
                                      const Section& root);

/// Runs the validate() of the section and of everything in it.
void validate(const Section& section, const std::string& path, Session& session);

}  // namespace skillit::config::detail
