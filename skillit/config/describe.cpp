#include "skillit/config/describe.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "skillit/config/flow_text.h"
#include "skillit/config/scalar.h"

namespace skillit::config::detail {
namespace {

using Row = std::array<std::string, 4>;  // Key, what it may be, default, help.

struct TypeDescriber {
  const Limits& limits;

  template <class T>
  std::string operator()(T* const&) const {
    return describe_scalar<T>(limits);
  }
  template <class T>
  std::string operator()(std::vector<T>* const&) const {
    return "list of " + describe_scalar<T>(limits);
  }
  template <class T>
  std::string operator()(MapOf<T>* const&) const {
    return "map to " + (*this)(static_cast<T*>(nullptr));
  }
  std::string operator()(const SectionRef& ref) const {
    const Section section = ref.get();
    return section.short_form.empty() ? "section"
                                      : fmt::format("section, or its {}", section.short_form);
  }
  std::string operator()(const SectionList&) const { return "list of sections"; }
};

void add_rows(const Section& section, const std::string& path, std::vector<Row>& rows) {
  for (const Key& key : section.keys) {
    const std::string inner = join_path(path, key.name);
    rows.push_back({inner, std::visit(TypeDescriber{key.limits}, key.value),
                    flow_text(key.value, inner), std::string(key.help)});
    if (const auto* nested = std::get_if<SectionRef>(&key.value)) {
      add_rows(nested->get(), inner, rows);
    } else if (const auto* list = std::get_if<SectionList>(&key.value)) {
      rows.back()[2] = list->size() == 0 ? "[]" : fmt::format("{} of them", list->size());
      list->resize(0);
      list->resize(1);  // One with its own defaults, to describe.
      add_rows(list->at(0), join_path(inner, "N"), rows);
    }
  }
}

/// Columns on a terminal: code points, since bytes would count "é" twice.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string escaped(const std::string& cell) {
  std::string text;
  for (const char c : cell) {
    if (c == '|') text += '\\';
    text += c;
  }
  return text;
}

}  // namespace

std::string help_text(const Section& defaults) {
  std::vector<Row> rows;
  add_rows(defaults, "", rows);
  std::array<std::size_t, 3> widths = {};
  for (std::size_t column = 0; column < widths.size(); ++column) {
    for (const Row& row : rows) widths[column] = std::max(widths[column], width(row[column]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = "  ";
    for (std::size_t column = 0; column < widths.size(); ++column) {
      line += row[column] + std::string(widths[column] - width(row[column]) + 2, ' ');
    }
    line += row[3];
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string markdown(const Section& defaults) {
  std::vector<Row> rows;
  add_rows(defaults, "", rows);
  std::string text = "| key | value | default | meaning |\n|---|---|---|---|\n";
  for (const Row& row : rows) {
    const std::string value = row[2].empty() ? "" : "`" + row[2] + "`";
    text += fmt::format("| `{}` | {} | {} | {} |\n", row[0], escaped(row[1]), escaped(value),
                        escaped(row[3]));
  }
  return text;
}

}  // namespace skillit::config::detail
