#include "skillit/config/override.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <charconv>
#include <optional>

#include "skillit/base/error.h"
#include "skillit/config/fill.h"
#include "skillit/config/yaml_tree.h"

namespace skillit::config::detail {
namespace {

/// One "key=value" on its way to its place.
class Override {
 public:
  Override(Section& root, std::string_view value, Session& session)
      : root_(root), value_(value), session_(session) {}

  /// Follows `rest` down from `section`, which stands at `path`, and sets what it ends at.
  void descend(Section& section, const std::string& path, std::string_view rest) {
    const auto [name, below] = split(rest);
    Key* key = section.find(name);
    if (key == nullptr) return session_.add(0, path, unknown_key(name, section, root_));
    const std::string here = join_path(path, name);
    if (below.empty()) return fill_key(*key, read_value(key->value), here, root_, session_);
    if (const auto* ref = std::get_if<SectionRef>(&key->value)) {
      Section inner = ref->get();
      return descend(inner, here, below);
    }
    if (const auto* list = std::get_if<SectionList>(&key->value))
      return descend_list(*list, here, below);
    const auto set = [&, name_in_map = below](auto& value) {
      return set_in_map(value, key->limits, here, name_in_map);
    };
    if (!std::visit(set, key->value)) {
      session_.add(
          0, "",
          fmt::format("'{}' is one value without keys of its own; write {}=VALUE", here, here));
    }
  }

 private:
  static std::pair<std::string_view, std::string_view> split(std::string_view path) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return {path, {}};
    return {path.substr(0, dot), path.substr(dot + 1)};
  }

  void descend_list(const SectionList& list, const std::string& path, std::string_view rest) {
    const auto [name, below] = split(rest);
    std::size_t index = 0;
    const auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (status != std::errc() || end != name.data() + name.size() || index >= list.size()) {
      return session_.add(
          0, path,
          fmt::format("expected the place of an element, counted from 0 in a list of {}; found {}",
                      list.size(), shown(name)));
    }
    Section section = list.at(index);
    const std::string here = join_path(path, name);
    if (!below.empty()) return descend(section, here, below);
    fill_section(section, read_section(), here, root_, session_);
  }

  /// All of `name` is the key in the map, dots included.
  template <class T>
  bool set_in_map(MapOf<T>* map, const Limits& limits, const std::string& path,
                  std::string_view name) {
    Key key{.name = name, .help = "", .limits = limits, .value = &(*map)[std::string(name)]};
    fill_key(key, read_value(key.value), join_path(path, name), root_, session_);
    return true;
  }
  template <class T>
  bool set_in_map(T&, const Limits&, const std::string&, std::string_view) {
    return false;
  }

  /// The value as a tree, read in the way that suits its target.
  TextNode read_value(const Value& target) {
    return std::visit([&](const auto& value) { return read_as(value); }, target);
  }
  template <class T>
  TextNode read_as(T* /*scalar*/) {
    const bool quoted = value_.starts_with('"') || value_.starts_with('\'');
    if (quoted) return read_yaml(value_, session_);
    return {.kind = TextNode::Kind::kScalar, .text = std::string(value_)};
  }
  template <class T>
  TextNode read_as(std::vector<T>* /*list*/) {
    return read_yaml(value_.starts_with('[') ? std::string(value_) : fmt::format("[{}]", value_),
                     session_);
  }
  template <class T>
  TextNode read_as(MapOf<T>* /*map*/) {
    return read_yaml(value_, session_);
  }
  TextNode read_as(const SectionList& /*list*/) { return read_yaml(value_, session_); }
  TextNode read_as(const SectionRef& /*section*/) { return read_section(); }
  TextNode read_section() {
    if (value_.starts_with('{')) return read_yaml(value_, session_);
    return read_as(static_cast<std::string*>(nullptr));  // The short form, if it has one.
  }

  Section& root_;
  std::string_view value_;
  Session& session_;
};

/// The full path that `key` means: its first name is a key of the root, or else of exactly one
/// section below.
std::optional<std::string> full_path(Section& root, std::string_view key, Session& session) {
  const std::string_view first = key.substr(0, key.find('.'));
  if (root.find(first) != nullptr) return std::string(key);
  const std::vector<std::string> paths = all_paths(root);
  std::vector<std::string> matches;
  for (const std::string& path : paths) {
    if (split_last(path).leaf == first) matches.push_back(path);
  }
  if (matches.size() == 1) return matches[0] + std::string(key.substr(first.size()));
  if (matches.size() > 1) {
    session.add(0, "",
                fmt::format("{} may mean {}; write the whole path", shown(first),
                            fmt::join(matches, " or ")));
    return std::nullopt;
  }
  std::vector<std::string> candidates = paths;
  for (const std::string& path : paths) candidates.emplace_back(split_last(path).leaf);
  const std::string nearest =
      key.size() > kMaxNameLength ? "" : nearest_name(std::string(key), candidates);
  session.add(0, "",
              nearest.empty()
                  ? unknown_key(key, root, root)
                  : fmt::format("unknown key {}; did you mean '{}'?", shown(key), nearest));
  return std::nullopt;
}

}  // namespace

void fill_override(Section& root, std::string_view text, Session& session) {
  if (!is_text(text)) {
    return session.add(0, "", "not text: it holds a control character or is not UTF-8");
  }
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return session.add(0, "", "expected KEY=VALUE, as in steps=100");
  }
  if (const auto path = full_path(root, text.substr(0, equals), session)) {
    Override(root, text.substr(equals + 1), session).descend(root, "", *path);
  }
}

}  // namespace skillit::config::detail
