#include "skillit/run/free_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace skillit {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

/// How a version of control groups names its files.
struct GroupFiles {
  std::filesystem::path folder;
  const char* limit;
  const char* usage;
  const char* cache;  ///< In memory.stat: counted as used, given back when asked for.
};

std::optional<double> number_in(const std::filesystem::path& file) {
  double number = 0;
  if (std::ifstream in(file); in >> number) return number;
  return std::nullopt;
}

/// The number behind `name` in a file of names and numbers.
std::optional<double> entry_in(const std::filesystem::path& file, const std::string& name) {
  std::ifstream in(file);
  double number = 0;
  for (std::string word; in >> word;) {
    if (word == name && in >> number) return number;
  }
  return std::nullopt;
}

/// In the group and those around it.
double left_in_group(const GroupFiles& files, std::filesystem::path group) {
  double least = kUnlimited;
  while (true) {
    const auto folder = files.folder / group;
    const auto limit = number_in(folder / files.limit);  // "max" is no number.
    const auto used = number_in(folder / files.usage);
    if (limit && used) {
      const double cache = entry_in(folder / "memory.stat", files.cache).value_or(0);
      least = std::min(least, std::max(0.0, *limit - (*used - cache)));
    }
    if (group.empty()) return least;
    group = group.parent_path();
  }
}

/// "0::/group" in version 2, "4:memory:/group" in version 1.
double left_in_groups(const std::filesystem::path& root) {
  const auto mount = root / "sys/fs/cgroup";
  double least = kUnlimited;
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const auto group = std::filesystem::path(line.substr(second + 1)).relative_path();
    if (controllers.empty()) {
      const GroupFiles files{mount, "memory.max", "memory.current", "inactive_file"};
      least = std::min(least, left_in_group(files, group));
    } else if (controllers == "memory") {
      const GroupFiles files{mount / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
                             "total_inactive_file"};
      least = std::min(least, left_in_group(files, group));
    }
  }
  return least;
}

}  // namespace

double free_memory(const std::filesystem::path& root) {
  constexpr double kKilobyte = 1024;
  const auto available = entry_in(root / "proc/meminfo", "MemAvailable:");
  return std::min(available ? *available * kKilobyte : kUnlimited, left_in_groups(root));
}

}  // namespace skillit
