#include "skillit/skill/skill_losses.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace skillit {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(SkillLosses, NotMeasuredIsNotZero) {
  const SkillLosses losses{{0.0, kNaN, 2.0}};
  EXPECT_EQ(losses.size(), 3u);
  EXPECT_TRUE(losses.measured(0));
  EXPECT_FALSE(losses.measured(1));
  EXPECT_EQ(losses[2], 2.0);
}

TEST(SkillLosses, TheMeanIsOverWhatWasMeasured) {
  EXPECT_EQ((SkillLosses{{1.0, kNaN, 2.0}}.mean()), 1.5);
  EXPECT_EQ((SkillLosses{{0.0, 3.0}}.mean()), 1.5);
}

TEST(SkillLosses, TheMeanOfNothingIsNotANumber) {
  EXPECT_TRUE(std::isnan(SkillLosses{}.mean()));
  EXPECT_TRUE(std::isnan(SkillLosses{{kNaN, kNaN}}.mean()));
}

}  // namespace
}  // namespace skillit
