#include "skillit/report/method_names.h"

#include <algorithm>
#include <map>

namespace skillit {
namespace {

constexpr std::size_t kWidestList = 24;  // Characters.

std::string short_list(std::string_view list) {
  const bool has_middle = std::count(list.begin(), list.end(), '/') > 2;
  if (list.size() <= kWidestList || !has_middle) return std::string(list);
  const std::size_t two = list.find('/', list.find('/') + 1) + 1;
  return std::string(list.substr(0, two)) + "…" + std::string(list.substr(list.rfind('/')));
}

using Names = std::map<std::string, std::string>;

Names short_names(const StudySummary& summary) {
  Names names;
  std::map<std::string, int> times;
  for (const MethodSummary& method : summary.methods) {
    names[method.method] = short_method_name(method.method);
    ++times[names[method.method]];
  }
  for (auto& [method, name] : names) {
    if (times[name] > 1) name = method;
  }
  return names;
}

/// `line` with the method that it begins with or names shortened.
std::string renamed(std::string line, const Names& names) {
  for (const auto& [method, name] : names) {
    if (method == name) continue;
    const std::size_t at = line.find(method);
    if (at != std::string::npos) line.replace(at, method.size(), name);
  }
  return line;
}

}  // namespace

std::string short_method_name(std::string_view method) {
  std::string name;
  for (std::size_t begin = 0;;) {
    const std::size_t end = std::min(method.find_first_of(":=,;", begin), method.size());
    name += short_list(method.substr(begin, end - begin));
    if (end == method.size()) return name;
    name += method[end];
    begin = end + 1;
  }
}

StudySummary with_short_names(StudySummary summary) {
  const Names names = short_names(summary);
  for (MethodSummary& method : summary.methods) method.method = names.at(method.method);
  for (PairSummary& pair : summary.pairs) {
    pair.first = names.at(pair.first);
    pair.second = names.at(pair.second);
  }
  for (std::string& line : summary.left_out) line = renamed(std::move(line), names);
  for (std::string& line : summary.notes) line = renamed(std::move(line), names);
  return summary;
}

}  // namespace skillit
