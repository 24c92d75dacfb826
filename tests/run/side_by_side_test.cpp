#include "skillit/run/side_by_side.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

namespace skillit {
namespace {

/// Asks to stop from the start.
class Stopping : public StudyObserver {
 public:
  void on_study(const std::string&, std::size_t, std::int64_t) override {}
  void on_status(const RunStatus&) override { ++statuses; }
  void on_message(const std::string&) override {}
  bool stop_requested() override { return true; }

  std::atomic<int> statuses = 0;
};

TEST(SideBySide, NoRunIsBegunAfterTheUserAskedToStop) {
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) / "side_by_side_test";
  std::filesystem::remove_all(folder);
  std::vector<RunPlan> plans(3);
  for (std::size_t i = 0; i < plans.size(); ++i) plans[i].folder = folder / std::to_string(i);
  Stopping observer;
  EXPECT_FALSE(run_side_by_side(plans, 2, observer));
  EXPECT_EQ(observer.statuses, 0);
  EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST(SideBySide, NothingToDoIsComplete) {
  Stopping observer;
  EXPECT_TRUE(run_side_by_side({}, 2, observer));
}

}  // namespace
}  // namespace skillit
