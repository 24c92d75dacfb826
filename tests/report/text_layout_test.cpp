#include "skillit/report/text_layout.h"

#include <gtest/gtest.h>

namespace skillit {
namespace {

TEST(TextLayout, WidthIsInCodePoints) {
  EXPECT_EQ(display_width("zwölf"), 5u);
  EXPECT_EQ(display_width("▁▂…"), 3u);
  EXPECT_EQ(pad_left("ö", 3), "  ö");
  EXPECT_EQ(pad_right("ö", 3), "ö  ");
  EXPECT_EQ(pad_left("long", 2), "long");
}

TEST(TextLayout, FitCutsBetweenCodePoints) {
  EXPECT_EQ(fit("zwölf", 5), "zwölf");
  EXPECT_EQ(fit("zwölf", 4), "zwö…");
  EXPECT_EQ(fit("zwölf", 1), "…");
  EXPECT_EQ(fit("zwölf", 0), "");
  EXPECT_EQ(fit_middle("skill_name_12", 13), "skill_name_12");
  EXPECT_EQ(fit_middle("skill_name_12", 7), "ski…_12");
  EXPECT_EQ(fit_middle("skill_name_1ö", 6), "ski…1ö");
  EXPECT_EQ(fit_middle("skill", 2), "s…");
}

TEST(TextLayout, WrapHangsLaterLinesUnderTheFirst) {
  EXPECT_EQ(wrap("> ", "one two three", 9), "> one two\n  three\n");
  EXPECT_EQ(wrap("", "unbreakable", 4), "unbreakable\n");
  EXPECT_EQ(wrap("x ", "", 4), "x \n");
}

TEST(TextLayout, AGridAlignsItsColumns) {
  EXPECT_EQ(grid({{"name", "a", "bb"}, {"ö", "1.5", "2"}}, 80),
            "name    a  bb\n"
            "────  ───  ──\n"
            "ö     1.5   2\n");
}

TEST(TextLayout, AWideGridGoesOnBelow) {
  EXPECT_EQ(grid({{"n", "aaaa", "bbbb"}, {"x", "1", "2"}}, 8),
            "n  aaaa\n"
            "─  ────\n"
            "x     1\n"
            "\n"
            "n  bbbb\n"
            "─  ────\n"
            "x     2\n");
}

}  // namespace
}  // namespace skillit
