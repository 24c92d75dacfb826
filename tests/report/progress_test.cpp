#include "skillit/report/progress.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "skillit/report/text_layout.h"

namespace skillit {
namespace {

using ::testing::HasSubstr;

StudyProgress half_way() {
  StudyProgress progress{.study = "lego", .runs_finished = 3, .runs = 9};
  progress.active = {
      {.method = "random",
       .seed = 1,
       .round = 4,
       .rounds = 10,
       .step = 250,
       .steps = 600,
       .tokens_per_second = 12345,
       .mean_loss = 0.51234},
      {.method = "skillit", .seed = 1, .round = 0, .rounds = 10, .step = 50, .steps = 600}};
  progress.steps_done = 2100;
  progress.steps_at_start = 600;
  progress.steps = 5400;
  progress.elapsed_seconds = 100;
  return progress;
}

TEST(Progress, TheTimeLeftGoesByThisProcessAlone) {
  EXPECT_DOUBLE_EQ(seconds_left(half_way()), 100.0 * 3300 / 1500);
  StudyProgress begun = half_way();
  begun.steps_done = begun.steps_at_start;
  EXPECT_TRUE(std::isnan(seconds_left(begun)));
  StudyProgress early = half_way();
  early.elapsed_seconds = 0.9;
  EXPECT_TRUE(std::isnan(seconds_left(early)));
}

TEST(Progress, DurationsAreReadable) {
  EXPECT_EQ(duration_text(0.2), "0 s");
  EXPECT_EQ(duration_text(59.4), "59 s");
  EXPECT_EQ(duration_text(59.6), "1 min 00 s");
  EXPECT_EQ(duration_text(185), "3 min 05 s");
  EXPECT_EQ(duration_text(7260), "2 h 01 min");
  EXPECT_EQ(duration_text(NAN), "?");
}

TEST(Progress, AWideTerminalShowsEverything) {
  EXPECT_EQ(progress_line(half_way(), 200),
            "lego 3/9 runs 38% ETA 3 min 40 s 12.3k tok/s | random/1 round 5/10 step 250/600 loss "
            "0.512 | "
            "skillit/1 round 1/10 step 50/600 loss ?");
}

TEST(Progress, NoLineIsWiderThanTheTerminal) {
  for (std::size_t width = 0; width < 220; ++width)
    EXPECT_LE(display_width(progress_line(half_way(), width)), width);
  EXPECT_EQ(progress_line(half_way(), 90),
            "lego 3/9 runs 38% ETA 3 min 40 s 12.3k tok/s | random/1 250/600 | skillit/1 50/600");
  EXPECT_EQ(progress_line(half_way(), 60), "lego 3/9 runs 38% ETA 3 min 40 s 12.3k tok/s");
  EXPECT_EQ(progress_line(half_way(), 10), "lego 3/9 …");
}

TEST(Progress, APlainLineIsAboutOneRun) {
  const StudyProgress progress = half_way();
  EXPECT_EQ(plain_line(progress, progress.active[0]),
            "lego (3/9 runs, ETA 3 min 40 s): random seed 1 round 5/10 step 250/600 loss 0.512 "
            "12.3k tok/s");
}

TEST(Progress, TheLastRoundStaysWhenAllAreDone) {
  StudyProgress progress = half_way();
  progress.active[0].round = 10;
  EXPECT_THAT(plain_line(progress, progress.active[0]), HasSubstr("round 10/10"));
}

TEST(Progress, ARunThatWasDoneBeforeSaysSo) {
  StudyProgress progress = half_way();
  RunProgress& run = progress.active[0];
  run.step = run.steps;
  EXPECT_THAT(plain_line(progress, run), HasSubstr("step 600/600 loss 0.512"));
  run.mean_loss = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(plain_line(progress, run),
            "lego (3/9 runs, ETA 3 min 40 s): random seed 1 was done before");
}

TEST(Progress, NothingAtWorkIsALineToo) {
  EXPECT_EQ(progress_line(StudyProgress{.study = "x"}, 80), "x 0/0 runs 0% ETA ? ? tok/s");
}

}  // namespace
}  // namespace skillit
