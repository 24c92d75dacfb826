#pragma once

#include <filesystem>

namespace skillit {

/// Bytes that this process may still take without swapping: what the system has available, or what
/// its control groups (containers, batch jobs) leave, whichever is less. Infinite where neither
/// says. `root` stands for "/", for tests.
[[nodiscard]] double free_memory(const std::filesystem::path& root = "/");

}  // namespace skillit
