#include "skillit/config/dump.h"

#include <fmt/core.h>

#include "skillit/config/flow_text.h"
#include "skillit/config/scalar.h"

namespace skillit::config::detail {
namespace {

constexpr std::size_t kIndent = 2;

/// Block style, except that lists of scalars stand on one line.
class BlockWriter {
 public:
  void write_section(const Section& section, const std::string& path, std::size_t indent) {
    for (const Key& key : section.keys) {
      text_.append(indent, ' ').append(key.name) += ':';
      write_value(key.value, join_path(path, key.name), indent);
    }
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void write_value(const Value& value, const std::string& path, std::size_t indent) {
    std::visit([&](const auto& alternative) { write(alternative, value, path, indent); }, value);
  }
  template <class T>
  void write(const T&, const Value& value, const std::string& path, std::size_t) {
    text_ += ' ' + flow_text(value, path) + '\n';
  }
  template <class T>
  void write(MapOf<T>* const& map, const Value&, const std::string& path, std::size_t indent) {
    if (map->empty()) return void(text_ += " {}\n");
    text_ += '\n';
    for (auto& [key, element] : *map) {
      const std::string inner = join_path(path, key);
      text_.append(indent + kIndent, ' ').append(write_scalar(key, path)) +=
          ": " + flow_text(&element, inner) + '\n';
    }
  }
  void write(const SectionRef& section, const Value&, const std::string& path, std::size_t indent) {
    text_ += '\n';
    write_section(section.get(), path, indent + kIndent);
  }
  void write(const SectionList& list, const Value&, const std::string& path, std::size_t indent) {
    if (list.size() == 0) return void(text_ += " []\n");
    text_ += '\n';
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::size_t dash = text_.size() + indent + kIndent;
      write_section(list.at(i), join_path(path, std::to_string(i)), indent + 2 * kIndent);
      text_[dash] = '-';
    }
  }

  std::string text_;
};

struct Leaf {
  std::string path;
  std::string text;
};

void collect_leaves(const Section& section, const std::string& path, std::vector<Leaf>& leaves);

struct LeafCollector {
  const Value& value;
  const std::string& path;
  std::vector<Leaf>& leaves;

  template <class T>
  void operator()(const T&) const {
    leaves.push_back({path, flow_text(value, path)});
  }
  template <class T>
  void operator()(MapOf<T>* const& map) const {
    for (auto& [key, element] : *map) {
      const std::string inner = join_path(path, key);
      leaves.push_back({inner, flow_text(&element, inner)});
    }
  }
  void operator()(const SectionRef& section) const { collect_leaves(section.get(), path, leaves); }
  void operator()(const SectionList& list) const {
    for (std::size_t i = 0; i < list.size(); ++i) {
      collect_leaves(list.at(i), join_path(path, std::to_string(i)), leaves);
    }
  }
};

void collect_leaves(const Section& section, const std::string& path, std::vector<Leaf>& leaves) {
  for (const Key& key : section.keys) {
    const std::string inner = join_path(path, key.name);
    std::visit(LeafCollector{key.value, inner, leaves}, key.value);
  }
}

}  // namespace

std::string dump_yaml(const Section& options) {
  BlockWriter writer;
  writer.write_section(options, "", 0);
  return writer.text();
}

std::vector<std::string> diff(const Section& here, const Section& there) {
  std::vector<Leaf> leaves_here;
  std::vector<Leaf> leaves_there;
  collect_leaves(here, "", leaves_here);
  collect_leaves(there, "", leaves_there);
  std::map<std::string, std::string> rest;  // Of the other side: what has not been compared yet.
  for (Leaf& leaf : leaves_there) rest.emplace(leaf.path, std::move(leaf.text));
  std::vector<std::string> lines;
  for (const auto& [path, text] : leaves_here) {
    const auto other = rest.find(path);
    if (other == rest.end()) {
      lines.push_back(fmt::format("{}: {} here, absent there", path, text));
      continue;
    }
    if (other->second != text)
      lines.push_back(fmt::format("{}: {} here, {} there", path, text, other->second));
    rest.erase(other);
  }
  for (const Leaf& leaf : leaves_there) {
    if (const auto other = rest.find(leaf.path); other != rest.end()) {
      lines.push_back(fmt::format("{}: absent here, {} there", leaf.path, other->second));
    }
  }
  return lines;
}

}  // namespace skillit::config::detail
