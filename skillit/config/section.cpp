#include "skillit/config/section.h"

#include <algorithm>

namespace skillit::config::detail {

Section SectionRef::get() const {
  return bind_to(object);
}

Section SectionList::at(std::size_t index) const {
  return section_at(list, index);
}

Key* Section::find(std::string_view name) {
  const auto key =
      std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == name; });
  return key == keys.end() ? nullptr : &*key;
}

std::string join_path(std::string_view parent, std::string_view name) {
  std::string path(parent);
  if (!parent.empty() && !name.empty()) path += '.';
  return path += name;
}

SplitPath split_last(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return {"", path};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

std::vector<std::string> all_paths(const Section& section) {
  std::vector<std::string> paths;
  for (const Key& key : section.keys) {
    paths.emplace_back(key.name);
    if (const auto* inner = std::get_if<SectionRef>(&key.value)) {
      for (const auto& path : all_paths(inner->get())) paths.push_back(join_path(key.name, path));
    }
  }
  return paths;
}

}  // namespace skillit::config::detail
