#include "skillit/run/free_memory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "skillit/base/temp_folder.h"

namespace skillit {
namespace {

class FreeMemory : public ::testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) {
    const auto file = folder_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  [[nodiscard]] double bytes() const { return free_memory(folder_.path()); }

  TempFolder folder_;
};

TEST_F(FreeMemory, IsWhatTheSystemHasAvailable) {
  put("proc/meminfo", "MemTotal: 9000 kB\nMemFree: 10 kB\nMemAvailable:  7000 kB\n");
  EXPECT_EQ(bytes(), 7000 * 1024);
}

TEST_F(FreeMemory, IsWhatTheControlGroupLeavesWhereThatIsLess) {
  put("proc/meminfo", "MemAvailable: 7000 kB\n");
  put("proc/self/cgroup", "0::/jobs/one\n");
  put("sys/fs/cgroup/jobs/one/memory.max", "max\n");
  put("sys/fs/cgroup/jobs/one/memory.current", "500000\n");
  EXPECT_EQ(bytes(), 7000 * 1024);
  put("sys/fs/cgroup/jobs/memory.max", "1000000\n");  // The limit of the group around it.
  put("sys/fs/cgroup/jobs/memory.current", "600000\n");
  put("sys/fs/cgroup/jobs/memory.stat", "anon 1\nactive_file 7\ninactive_file 50000\n");
  EXPECT_EQ(bytes(), 1000000 - (600000 - 50000));
  put("sys/fs/cgroup/jobs/one/memory.max", "500000\n");
  EXPECT_EQ(bytes(), 0);
}

TEST_F(FreeMemory, KnowsTheFirstVersionOfControlGroups) {
  put("proc/meminfo", "MemAvailable: 7000 kB\n");
  put("proc/self/cgroup", "8:pids:/\n4:memory:/elsewhere\n");
  put("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000\n");
  put("sys/fs/cgroup/memory/memory.usage_in_bytes", "300000\n");
  put("sys/fs/cgroup/memory/memory.stat", "inactive_file 7\ntotal_inactive_file 100\n");
  EXPECT_EQ(bytes(), 1000000 - (300000 - 100));
}

TEST_F(FreeMemory, IsInfiniteWhereNothingIsSaid) {
  EXPECT_EQ(bytes(), std::numeric_limits<double>::infinity());
}

TEST(FreeMemoryHere, IsSomething) {
  EXPECT_GT(free_memory(), 1e6);
}

}  // namespace
}  // namespace skillit
