#pragma once

#include <cstddef>
#include <functional>

namespace skillit {

/// Calls work(0) to work(count - 1), each in a thread of its own, and waits for all of them.
/// @throws the first error of any, after all have come to their end.
void run_in_threads(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace skillit
