#include "skillit/run/run_in_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace skillit {
namespace {

TEST(RunInThreads, EveryNumberOnce) {
  std::vector<std::atomic<int>> calls(5);
  run_in_threads(calls.size(), [&](std::size_t i) { ++calls[i]; });
  for (const auto& count : calls) EXPECT_EQ(count, 1);
  run_in_threads(0, [](std::size_t) { FAIL(); });
}

TEST(RunInThreads, AnErrorReachesTheCallerAfterAllHaveEnded) {
  std::atomic<int> ended = 0;
  try {
    run_in_threads(4, [&](std::size_t i) {
      if (i == 2) throw std::runtime_error("of the third");
      ++ended;
    });
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "of the third");
  }
  EXPECT_EQ(ended, 3);
}

}  // namespace
}  // namespace skillit
