#include "skillit/record/run_reader.h"

#include <gmock/gmock.h>

#include <limits>

#include "run_fixture.h"
#include "skillit/record/manifest.h"
#include "skillit/record/record_lines.h"

namespace skillit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace testing;  // NOLINT: the fixtures of these tests.

const std::filesystem::path kGolden = std::filesystem::path(SKILLIT_TESTS_DIR) / "golden/record_v1";

void record_whole_run(const std::filesystem::path& path) {
  RunWriter writer(RunFolder::open(path, small_manifest()), {});
  record_rounds(writer, 0, 2);
}

std::string damage(const std::filesystem::path& run, const char* file, const std::string& text) {
  write_text(run / file, text);
  const Error error = error_of([&] { (void)read_run(run); });
  EXPECT_EQ(error.code(), ErrorCode::kBadFormat);
  return error.what();
}

TEST(RunReader, ReadsVersion1ForEver) {
  const RunRecord run = read_run(kGolden);
  EXPECT_EQ(run.manifest.method, "skillit:eta=0.5");
  EXPECT_EQ(run.manifest.seed, ~std::uint64_t{0});
  EXPECT_EQ(run.manifest.eval_skills, (std::vector<std::string>{"one", "two", "zwölf"}));
  EXPECT_EQ(run.manifest.fingerprints.at("data"), "00112233445566778899aabbccddeeff");
  ASSERT_EQ(run.steps.size(), 4u);
  EXPECT_EQ(run.steps[1].grad_norm, 0.1 + 0.2);
  EXPECT_TRUE(std::isnan(run.steps[2].loss));
  EXPECT_EQ(run.steps[2].grad_norm, INFINITY);
  EXPECT_EQ(run.steps[3].loss, std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(run.steps[3].tokens, ~std::uint64_t{0});
  ASSERT_EQ(run.evaluations.size(), 3u);
  EXPECT_FALSE(run.evaluations[1].losses.measured(2));
  EXPECT_EQ(run.evaluations[2].accuracies, (std::vector<double>{1, 0.875, 0.984375}));
  ASSERT_EQ(run.rounds.size(), 2u);
  EXPECT_EQ(run.rounds[1].mixture, (std::vector<double>{0.3333333333333333, 0.6666666666666667}));
  EXPECT_EQ(run.rounds[1].delivered, (std::vector<std::uint64_t>{107, 149}));
  EXPECT_EQ(run.timings.size(), 3u);
  EXPECT_TRUE(run.finished);
}

TEST(RunReader, WhatIsReadFromVersion1IsWrittenBackAsTheSameBytes) {
  const RunRecord run = read_run(kGolden);
  std::string steps, evaluations, rounds, timings;
  for (const auto& record : run.steps) steps += to_line(record);
  for (const auto& record : run.evaluations) evaluations += to_line(record);
  for (const auto& record : run.rounds) rounds += to_line(record);
  for (const auto& record : run.timings) timings += to_line(record);
  EXPECT_EQ(steps, read_file(kGolden / kStepsFile));
  EXPECT_EQ(evaluations, read_file(kGolden / kEvaluationsFile));
  EXPECT_EQ(rounds, read_file(kGolden / kRoundsFile));
  EXPECT_EQ(timings, read_file(kGolden / kTimingFile));
  EXPECT_EQ(manifest_to_json(run.manifest), read_file(kGolden / kManifestFile));
}

TEST(RunReader, ACutLastLineIsLeftOutWhereverItWasCut) {
  const TempFolder temporary;
  record_whole_run(temporary.path());
  for (const char* name : {kStepsFile, kEvaluationsFile, kRoundsFile, kTimingFile}) {
    const std::string text = read_file(temporary.path() / name);
    const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    for (std::size_t size = last; size < text.size(); ++size) {
      write_text(temporary.path() / name, text.substr(0, size));
      const RunRecord run = read_run(temporary.path());
      const std::size_t found = name == kStepsFile         ? run.steps.size()
                                : name == kEvaluationsFile ? run.evaluations.size()
                                : name == kRoundsFile      ? run.rounds.size()
                                                           : run.timings.size();
      ASSERT_EQ(found, lines - 1) << name << " cut at byte " << size;
      ASSERT_EQ(run.finished, name == kStepsFile || name == kTimingFile)
          << name << " cut at byte " << size;
    }
    write_text(temporary.path() / name, text);
  }
}

TEST(RunReader, ARunThatHasJustBegunIsEmpty) {
  const TempFolder temporary;
  const RunFolder folder = RunFolder::open(temporary.path(), small_manifest());
  const RunRecord run = read_run(temporary.path());
  EXPECT_TRUE(run.steps.empty());
  EXPECT_FALSE(run.finished);
}

TEST(RunReader, AHalfDoneRunIsNotFinished) {
  const TempFolder temporary;
  {
    RunWriter writer(RunFolder::open(temporary.path(), small_manifest()), {});
    record_rounds(writer, 0, 1);
  }
  EXPECT_FALSE(read_run(temporary.path()).finished);
}

TEST(RunReader, DamageInTheMiddleIsRefusedWithFileAndLine) {
  const TempFolder temporary;
  record_whole_run(temporary.path());
  const auto& run = temporary.path();
  const std::string first = to_line(small_step(1)), second = to_line(small_step(2));
  EXPECT_THAT(damage(run, kStepsFile, first + "{\"step\"\n" + second),
              HasSubstr("steps.jsonl:2: is not a JSON object"));
  EXPECT_THAT(damage(run, kStepsFile, first + "\n" + second), HasSubstr("steps.jsonl:2:"));
  EXPECT_THAT(damage(run, kStepsFile, second + first),
              HasSubstr("steps.jsonl:2: step 1 comes after step 2"));
  write_text(run / kStepsFile, first);

  const std::string evaluation = to_line(small_evaluation(3));
  EXPECT_THAT(
      damage(run, kEvaluationsFile, evaluation + evaluation),
      HasSubstr("evaluations.jsonl:2: the evaluation at step 3 comes after the one at step 3"));
  EXPECT_THAT(
      damage(run, kEvaluationsFile, "{\"step\":0,\"losses\":[1],\"accuracies\":[1,1]}\n"),
      HasSubstr("evaluations.jsonl:1: \"losses\" has 1 values, but the manifest names 2 skills"));
  EXPECT_THAT(damage(run, kEvaluationsFile, "{\"step\":0,\"losses\":[1,1],\"accuracies\":[]}\n"),
              HasSubstr("\"accuracies\" has 0 values"));
  write_text(run / kEvaluationsFile, evaluation);

  EXPECT_THAT(damage(run, kRoundsFile, to_line(small_round(1))),
              HasSubstr("rounds.jsonl:1: round 1 where round 0 was expected"));
  RoundRecord round = small_round(0);
  round.delivered.push_back(1);
  EXPECT_THAT(damage(run, kRoundsFile, to_line(round)), HasSubstr("\"delivered\" has 3 values"));
}

TEST(RunReader, SaysThatThereIsNoRun) {
  const TempFolder temporary;
  const Error error = error_of([&] { (void)read_run(temporary.path() / "none"); });
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  EXPECT_THAT(error.what(), HasSubstr("none: there is no run here"));
  EXPECT_EQ(error_of([&] { (void)find_runs(temporary.path() / "none"); }).code(),
            ErrorCode::kNotFound);
}

TEST(RunReader, FindsTheRunsOfAStudyByMethodAndSeed) {
  const TempFolder temporary;
  const auto& study = temporary.path();
  for (const char* name : {"random/seed10", "random/seed9", "a:eta=0.5/seed0"}) {
    const RunFolder folder = RunFolder::open(study / name, small_manifest());
  }
  std::filesystem::create_directories(study / "random/seed3");   // No manifest.
  std::filesystem::create_directories(study / "random/seed3x");  // Not a seed.
  write_text(study / "summary.json", "{}");
  EXPECT_THAT(find_runs(study), ElementsAre(study / "a:eta=0.5/seed0", study / "random/seed9",
                                            study / "random/seed10"));
}

}  // namespace
}  // namespace skillit
