#include "skillit/record/run_writer.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "run_fixture.h"
#include "skillit/record/run_reader.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using namespace testing;  // NOLINT: the fixtures of these tests.

RunWriter open_writer(const std::filesystem::path& path, const RunPosition& from = {}) {
  return {RunFolder::open(path, small_manifest()), from};
}

/// The files that must not depend on interruptions.
std::string fixed_files(const std::filesystem::path& run) {
  return read_file(run / kManifestFile) + read_file(run / kStepsFile) +
         read_file(run / kEvaluationsFile) + read_file(run / kRoundsFile);
}

TEST(RunWriter, WhatIsAppendedIsReadBack) {
  const TempFolder temporary;
  {
    RunWriter writer = open_writer(temporary.path());
    record_rounds(writer, 0, 2);
  }
  const RunRecord run = read_run(temporary.path());
  EXPECT_EQ(run.manifest, small_manifest());
  ASSERT_EQ(run.steps.size(), 20u);
  EXPECT_EQ(run.steps[6], small_step(7));
  ASSERT_EQ(run.evaluations.size(), 3u);
  EXPECT_EQ(run.evaluations[1], small_evaluation(10));
  ASSERT_EQ(run.rounds.size(), 2u);
  EXPECT_EQ(run.rounds[1], small_round(1));
  ASSERT_EQ(run.timings.size(), 2u);
  EXPECT_EQ(run.timings[1].train_seconds, 1.5);
  EXPECT_TRUE(run.finished);
}

TEST(RunWriter, AResumedRunEndsWithTheSameBytesAsAnUninterruptedOne) {
  const TempFolder whole;
  {
    RunWriter writer = open_writer(whole.path());
    record_rounds(writer, 0, 2);
  }
  const TempFolder resumed;
  RunPosition checkpoint;
  {
    RunWriter writer = open_writer(resumed.path());
    record_rounds(writer, 0, 1);
    checkpoint = writer.position();
    for (std::uint64_t s = 11; s < 15; ++s) writer.append(small_step(s));  // Lost with the process.
    writer.append(TimingRecord{.round = 1, .train_seconds = 0.5});
  }
  write_text(resumed.path() / kTimingFile,
             read_file(resumed.path() / kTimingFile) + "{\"round\":1,\"trai");
  {
    RunWriter writer = open_writer(resumed.path(), checkpoint);
    record_rounds(writer, 1, 2);
  }
  EXPECT_EQ(fixed_files(resumed.path()), fixed_files(whole.path()));
  EXPECT_EQ(read_run(resumed.path()).timings.size(), 3u)
      << "the time of the lost attempt was spent all the same";
}

TEST(RunWriter, WithoutACheckpointItStartsFromNothing) {
  const TempFolder temporary;
  {
    RunWriter writer = open_writer(temporary.path());
    record_rounds(writer, 0, 1);
  }
  RunWriter writer = open_writer(temporary.path());
  EXPECT_EQ(writer.position(), RunPosition{});
  EXPECT_TRUE(read_run(temporary.path()).steps.empty());
}

TEST(RunWriter, RefusesAFileThatIsShorterThanTheCheckpointSays) {
  const TempFolder temporary;
  RunPosition checkpoint;
  {
    RunWriter writer = open_writer(temporary.path());
    record_rounds(writer, 0, 1);
    checkpoint = writer.position();
    writer.append(small_step(11));
  }
  std::filesystem::resize_file(temporary.path() / kEvaluationsFile, checkpoint.evaluations - 1);
  const Error error = error_of([&] { open_writer(temporary.path(), checkpoint); });
  EXPECT_EQ(error.code(), ErrorCode::kMismatch);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("evaluations.jsonl: has " +
                                            std::to_string(checkpoint.evaluations - 1)),
                                  HasSubstr("delete the run folder to start again")));
  EXPECT_EQ(read_run(temporary.path()).steps.size(), 11u) << "nothing was changed";
}

TEST(RunWriter, RefusesACheckpointThatPointsInsideALine) {
  const TempFolder temporary;
  {
    RunWriter writer = open_writer(temporary.path());
    record_rounds(writer, 0, 1);
  }
  const Error error = error_of([&] { open_writer(temporary.path(), {.steps = 10}); });
  EXPECT_EQ(error.code(), ErrorCode::kMismatch);
  EXPECT_THAT(error.what(), HasSubstr("steps.jsonl: no line ends at byte 10"));
}

TEST(RunWriter, AFullDiskIsToldAndLeavesWholeLines) {
  const TempFolder temporary;
  RunWriter writer = open_writer(temporary.path());
  writer.append(small_step(1));
  const auto size = std::filesystem::file_size(temporary.path() / kStepsFile);

  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = size + 20;  // Room for a part of the next line.
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Error error = error_of([&] { writer.append(small_step(2)); });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);

  EXPECT_EQ(error.code(), ErrorCode::kIo);
  EXPECT_THAT(error.what(), HasSubstr("steps.jsonl: cannot write: File too large"));
  EXPECT_EQ(std::filesystem::file_size(temporary.path() / kStepsFile), size);
  writer.append(small_step(2));  // Room again.
  EXPECT_EQ(read_run(temporary.path()).steps.size(), 2u);
}

}  // namespace
}  // namespace skillit
