#include "skillit/report/svg_axes.h"

#include <gmock/gmock.h>

#include <cmath>

namespace skillit {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;

TEST(SvgAxes, LinearTicksAreRound) {
  EXPECT_THAT(Scale::linear(0, 600).ticks(6), ElementsAre(0, 100, 200, 300, 400, 500, 600));
  EXPECT_THAT(Scale::linear(0, 1).ticks(5),
              ElementsAre(0, DoubleEq(0.2), DoubleEq(0.4), DoubleEq(0.6), DoubleEq(0.8), 1));
  EXPECT_THAT(Scale::linear(0.3, 2.6).ticks(5), ElementsAre(0.5, 1, 1.5, 2, 2.5));
  EXPECT_FALSE(std::signbit(Scale::linear(0, 7).ticks(3).front()));
}

TEST(SvgAxes, LogarithmicTicksArePowersOfTenAndMoreWhereThoseAreFew) {
  EXPECT_THAT(Scale::logarithmic(1e-4, 1).ticks(5),
              ElementsAre(DoubleEq(1e-4), DoubleEq(1e-3), DoubleEq(1e-2), DoubleEq(0.1), 1));
  EXPECT_THAT(Scale::logarithmic(0.05, 1.2).ticks(5),
              ElementsAre(DoubleEq(0.05), DoubleEq(0.1), DoubleEq(0.2), DoubleEq(0.5), 1));
}

TEST(SvgAxes, ValuesGoToTheirPlaceAndOutsideOnesToTheEdge) {
  const Axes axes{.top_left = {10, 20},
                  .width = 100,
                  .height = 200,
                  .x = Scale::linear(0, 4),
                  .y = Scale::logarithmic(0.01, 1)};
  EXPECT_DOUBLE_EQ(axes.place(1, 0.1).x, 35);
  EXPECT_DOUBLE_EQ(axes.place(1, 0.1).y, 120);
  EXPECT_DOUBLE_EQ(axes.place(5, 100).x, 110);
  EXPECT_DOUBLE_EQ(axes.place(5, 100).y, 20);
  EXPECT_DOUBLE_EQ(axes.place(0, 0).y, 220);
}

}  // namespace
}  // namespace skillit
