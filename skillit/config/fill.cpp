#include "skillit/config/fill.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "skillit/base/error.h"
#include "skillit/config/problems.h"
#include "skillit/config/scalar.h"

namespace skillit::config::detail {
namespace {

/// Writes one node into whatever a key points to. One overload per alternative of Value.
class Filler {
 public:
  Filler(const Limits& limits, const TextNode& node, const std::string& path, const Section& root,
         Session& session)
      : limits_(limits), node_(node), path_(path), root_(root), session_(session) {}

  template <class T>
  void operator()(T* scalar) {
    const std::string problem = read_scalar(node_, limits_, *scalar);
    if (!problem.empty()) session_.add(node_.line, path_, problem);
  }

  template <class T>
  void operator()(std::vector<T>* list) {
    if (!expect(TextNode::Kind::kList, "a list, as in [a, b]")) return;
    list->assign(node_.children.size(), T{});
    for (std::size_t i = 0; i < list->size(); ++i)
      fill_part(node_.children[i], std::to_string(i), &(*list)[i]);
  }

  template <class T>
  void operator()(MapOf<T>* map) {
    if (!expect(TextNode::Kind::kMap, "a section of keys")) return;
    map->clear();
    for (const TextNode& child : node_.children) fill_part(child, child.key, &(*map)[child.key]);
  }

  void operator()(const SectionRef& ref) {
    Section section = ref.get();
    fill_section(section, node_, path_, root_, session_);
  }

  void operator()(const SectionList& list) {
    if (!expect(TextNode::Kind::kList, "a list of sections, each beginning with '- '")) return;
    list.resize(0);
    list.resize(node_.children.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      Section section = list.at(i);
      fill_section(section, node_.children[i], join_path(path_, std::to_string(i)), root_,
                   session_);
    }
  }

 private:
  bool expect(TextNode::Kind kind, std::string_view expected) {
    if (node_.kind == kind) return true;
    session_.add(node_.line, path_,
                 fmt::format("expected {}, found {}", expected, describe_found(node_)));
    return false;
  }

  template <class T>
  void fill_part(const TextNode& node, std::string_view name, T* part) {
    const std::string path = join_path(path_, name);
    session_.set_at(path, node.line);
    if (node.kind != TextNode::Kind::kRefused) Filler(limits_, node, path, root_, session_)(part);
  }

  const Limits& limits_;
  const TextNode& node_;
  const std::string& path_;
  const Section& root_;
  Session& session_;
};

}  // namespace

void fill_key(Key& key, const TextNode& node, const std::string& path, const Section& root,
              Session& session) {
  session.set_at(path, node.line);
  if (node.kind == TextNode::Kind::kRefused) return;
  std::visit(Filler(key.limits, node, path, root, session), key.value);
}

void fill_section(Section& section, const TextNode& node, const std::string& path,
                  const Section& root, Session& session) {
  session.set_at(path, node.line);
  if (node.kind == TextNode::Kind::kNothing || node.kind == TextNode::Kind::kRefused) return;
  if (node.kind != TextNode::Kind::kMap) {
    Key* key = node.kind == TextNode::Kind::kScalar ? section.short_key() : nullptr;
    if (key != nullptr) return fill_key(*key, node, join_path(path, key->name), root, session);
    return session.add(node.line, path,
                       fmt::format("expected a section of keys, found {}", describe_found(node)));
  }
  for (const TextNode& child : node.children) {
    if (Key* key = section.find(child.key)) {
      fill_key(*key, child, join_path(path, key->name), root, session);
    } else {
      session.add(child.line, path, unknown_key(child.key, section, root));
    }
  }
}

std::string unknown_key(std::string_view name, const Section& section, const Section& root) {
  const std::string unknown = "unknown key " + shown(name);
  std::vector<std::string_view> known;
  for (const Key& key : section.keys) known.push_back(key.name);
  const std::vector<std::string> paths = all_paths(root);
  const bool is_path = std::find(paths.begin(), paths.end(), name) != paths.end();
  const std::string nearest =
      is_path || name.size() > kMaxNameLength ? "" : nearest_name(std::string(name), known);
  if (!nearest.empty()) return fmt::format("{}; did you mean '{}'?", unknown, nearest);
  for (const std::string& path : paths) {
    const auto [parent, leaf] = split_last(path);
    if (path != name && leaf != name) continue;
    const std::string where =
        parent.empty() ? "outside all sections" : fmt::format("in the section '{}'", parent);
    return fmt::format("{}; did you mean '{}' {}?", unknown, leaf, where);
  }
  return fmt::format("{}; the keys here are: {}", unknown, fmt::join(known, ", "));
}

void validate(const Section& section, const std::string& path, Session& session) {
  if (section.validate != nullptr) {
    Problems problems;
    section.validate(section.object, problems);
    for (const auto& [where, message] : problems.list())
      session.add_at(join_path(path, where), message);
  }
  for (const Key& key : section.keys) {
    const std::string inner = join_path(path, key.name);
    if (const auto* nested = std::get_if<SectionRef>(&key.value)) {
      validate(nested->get(), inner, session);
    } else if (const auto* list = std::get_if<SectionList>(&key.value)) {
      for (std::size_t i = 0; i < list->size(); ++i) {
        validate(list->at(i), join_path(inner, std::to_string(i)), session);
      }
    }
  }
}

}  // namespace skillit::config::detail
