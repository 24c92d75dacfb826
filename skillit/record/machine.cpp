#include "skillit/record/machine.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

namespace skillit {
namespace {

/// Files under /proc have no size, so read_file() does not serve. Empty when there is none.
std::string read_proc(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The value of the first "key : value" line; "" when there is none.
std::string value_of(std::string_view text, std::string_view key) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    const std::size_t colon = line.find(':');
    if (line.starts_with(key) && colon != std::string_view::npos &&
        line.substr(key.size(), colon - key.size()).find_first_not_of(" \t") ==
            std::string_view::npos) {
      const std::size_t first = line.find_first_not_of(" \t", colon + 1);
      return first == std::string_view::npos ? "" : std::string(line.substr(first));
    }
    begin = end + 1;
  }
  return "";
}

/// The flags worth knowing, as cpuinfo calls them and as we do (the Arm name of neon is asimd).
std::string instructions(std::string_view cpuinfo) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kKnown = {
      {{"avx2", "avx2"},
       {"avx512f", "avx512f"},
       {"avx512_bf16", "avx512_bf16"},
       {"amx_bf16", "amx_bf16"},
       {"asimd", "neon"},
       {"bf16", "bf16"}}};
  std::istringstream flags(value_of(cpuinfo, "flags") + " " + value_of(cpuinfo, "Features"));
  std::vector<std::string_view> found;
  for (std::string flag; flags >> flag;) {
    for (const auto& [name, ours] : kKnown) {
      if (flag == name) found.push_back(ours);
    }
  }
  return fmt::format("{}", fmt::join(found, " "));
}

std::string or_unknown(const std::string& text) {
  return text.empty() ? "unknown" : text;
}

}  // namespace

namespace detail {

std::map<std::string, std::string> describe_machine(std::string_view cpuinfo,
                                                    std::string_view meminfo, unsigned cores,
                                                    std::string_view gpu) {
  std::map<std::string, std::string> machine;
  machine["cpu"] = or_unknown(value_of(cpuinfo, "model name"));
  machine["cores"] = or_unknown(cores > 0 ? std::to_string(cores) : "");
  machine["instructions"] = or_unknown(instructions(cpuinfo));
  double kibibytes = 0;
  std::istringstream memory(value_of(meminfo, "MemTotal"));
  memory >> kibibytes;
  machine["memory"] =
      or_unknown(kibibytes > 0 ? fmt::format("{:.1f} GiB", kibibytes / (1024 * 1024)) : "");
  if (!gpu.empty()) machine["gpu"] = gpu;
  return machine;
}

}  // namespace detail

std::map<std::string, std::string> detect_machine(std::string_view gpu) {
  return detail::describe_machine(read_proc("/proc/cpuinfo"), read_proc("/proc/meminfo"),
                                  std::thread::hardware_concurrency(), gpu);
}

}  // namespace skillit
