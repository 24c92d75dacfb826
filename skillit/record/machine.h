#pragma once

#include <map>
#include <string>
#include <string_view>

namespace skillit {

/// What a speed depends on, detected now: "cpu" (model), "cores" (that this process may use),
/// "instructions" (those that matter, of avx2, avx512f, avx512_bf16, amx_bf16, neon, bf16),
/// "memory" and, when `gpu` is given, "gpu". What cannot be found out is "unknown".
[[nodiscard]] std::map<std::string, std::string> detect_machine(std::string_view gpu = {});

namespace detail {
/// The same from the text of Linux's /proc/cpuinfo and /proc/meminfo.
[[nodiscard]] std::map<std::string, std::string> describe_machine(std::string_view cpuinfo,
                                                                  std::string_view meminfo,
                                                                  unsigned cores,
                                                                  std::string_view gpu);
}  // namespace detail

}  // namespace skillit
