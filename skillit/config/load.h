#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "skillit/config/section.h"

namespace skillit::config {

// Text -> options. Precedence is the order of calls: a struct's own defaults, then load_yaml(),
// then overrides. Every function throws Error kBadFormat that names all problems at once and leaves
// `options` as they were. One problem is one line, "recipe.yaml:12: unknown key 'stpes'; did you
// mean 'steps'?"; several stand below a line that counts them.

/// A YAML text and what begins messages about it, such as its file.
struct TextSource {
  std::string text;
  std::string name;
};

namespace detail {
void load_yaml(Section options, std::span<const TextSource> sources,
               std::span<const std::string> overrides);
void apply_overrides(Section options, std::span<const std::string> overrides);
}  // namespace detail

/// Sets what the texts say, each on top of those before it; a key that none names keeps its value.
/// The overrides are applied before anything is validated, so that they can supply what the texts
/// lack. At least one text.
template <Options T>
void load_yaml(T& options, std::span<const TextSource> sources,
               std::span<const std::string> overrides = {}) {
  T filled = options;
  detail::load_yaml(detail::bind(filled), sources, overrides);
  options = std::move(filled);
}

template <Options T>
void load_yaml(T& options, std::string_view text, std::string_view source_name,
               std::span<const std::string> overrides = {}) {
  const TextSource source{std::string(text), std::string(source_name)};
  load_yaml(options, std::span(&source, 1), overrides);
}

/// Applies "key=value" texts in order. The key is a dotted path ("optimizer.lr", "stages.0.steps",
/// "files.add"); its first name may be any in the tree that is there only once ("lr"). A single
/// value is taken as it stands, or in quotes as in YAML; a list is "0,1,2" or "[0, 1, 2]"; a
/// section, a map or a list of sections is written in braces or brackets as in YAML.
template <Options T>
void apply_overrides(T& options, std::span<const std::string> overrides) {
  T filled = options;
  detail::apply_overrides(detail::bind(filled), overrides);
  options = std::move(filled);
}

template <Options T>
void apply_override(T& options, const std::string& text) {
  apply_overrides(options, std::span(&text, 1));
}

}  // namespace skillit::config
