#include "skillit/record/record_lines.h"

#include <gmock/gmock.h>

#include <bit>
#include <limits>

#include "run_fixture.h"
#include "skillit/base/rng.h"

namespace skillit {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

template <class Record>
Record round_trip(const Record& record) {
  const std::string line = to_line(record);
  Record back;
  LineParser("f").parse(std::string_view(line).substr(0, line.size() - 1), 1, back);
  return back;
}

TEST(RecordLines, AStepIsOneLineOfShortNumbers) {
  EXPECT_EQ(to_line(StepRecord{.step = 3,
                               .loss = 0.1,
                               .learning_rate = 1e-5,
                               .grad_norm = 2,
                               .scored_tokens = 4,
                               .tokens = 5}),
            "{\"step\":3,\"loss\":0.1,\"learning_rate\":1e-05,\"grad_norm\":2,\"scored_tokens\":4,"
            "\"tokens\":5}\n");
}

TEST(RecordLines, EveryDoubleReadsBackToTheSameBits) {
  Rng rng(1);
  RoundRecord record;
  const auto limits = std::numeric_limits<double>();
  record.mixture = {0.0,          -0.0,     limits.denorm_min(), limits.max(), limits.lowest(),
                    limits.min(), 0.1 + 0.2};
  for (int i = 0; i < 2000; ++i) {
    const auto value = std::bit_cast<double>(rng.next());
    if (std::isfinite(value)) record.mixture.push_back(value);
  }
  const RoundRecord back = round_trip(record);
  ASSERT_EQ(back.mixture.size(), record.mixture.size());
  for (std::size_t i = 0; i < record.mixture.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(back.mixture[i]),
              std::bit_cast<std::uint64_t>(record.mixture[i]));
  }
}

TEST(RecordLines, NotMeasuredAndInfiniteValuesSurvive) {
  const EvaluationRecord back = round_trip(EvaluationRecord{
      .step = 1, .losses = {{NAN, INFINITY, -INFINITY}}, .accuracies = {NAN, 0, 1}});
  EXPECT_TRUE(std::isnan(back.losses[0]));
  EXPECT_EQ(back.losses[1], INFINITY);
  EXPECT_EQ(back.losses[2], -INFINITY);
  EXPECT_TRUE(std::isnan(back.accuracies[0]));
}

TEST(RecordLines, TheLargestCountsSurvive) {
  const RoundRecord record{
      .round = 1, .delivered = {0, ~std::uint64_t{0}}, .tokens = ~std::uint64_t{0}};
  EXPECT_EQ(round_trip(record), record);
  const TimingRecord timing{
      .round = 2, .train_seconds = 1.25, .evaluate_seconds = 0.1, .select_seconds = 1e-7};
  EXPECT_EQ(round_trip(timing), timing);
}

TEST(RecordLines, WhatARoundHasOnlySinceThereAreSharesOfTokensMayBeAbsent) {
  const RoundRecord full{.round = 1,
                         .skill_tokens = {3, 4},
                         .epochs = {0.5, 1.25},
                         .spent = {1},
                         .asked_in_tokens = true,
                         .ended = true};
  EXPECT_EQ(round_trip(full), full);
  EXPECT_THAT(to_line(full), HasSubstr("\"asked_in_tokens\":true,\"ended\":true"));
  // A line that lacks them empties them; one with something else beside is refused.
  RoundRecord record = full;
  const std::string old = to_line(RoundRecord{.round = 1});
  EXPECT_THAT(old, ::testing::Not(HasSubstr("spent")));
  LineParser("f").parse(std::string_view(old).substr(0, old.size() - 1), 1, record);
  EXPECT_EQ(record, RoundRecord{.round = 1});
  const std::string more = old.substr(0, old.size() - 2) + ",\"ended\":true,\"end\":1}";
  EXPECT_THAT(error_of([&] { LineParser("f").parse(more, 1, record); }).what(),
              HasSubstr("8 fields, expected 7"));
  const std::string wrong = old.substr(0, old.size() - 2) + ",\"ended\":1}";
  EXPECT_THAT(error_of([&] { LineParser("f").parse(wrong, 1, record); }).what(),
              HasSubstr("\"ended\" is neither true nor false"));
}

TEST(RecordLines, DamageIsToldWithFileLineAndField) {
  const auto message = [](const std::string& text) {
    const Error error = error_of([&] {
      TimingRecord record;
      LineParser("run/timing.jsonl").parse(text, 12, record);
    });
    EXPECT_EQ(error.code(), ErrorCode::kBadFormat);
    EXPECT_THAT(error.what(), HasSubstr("run/timing.jsonl:12: "));
    return std::string(error.what());
  };
  EXPECT_THAT(message(""), HasSubstr("not a JSON object"));
  EXPECT_THAT(message("[1]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(message("{\"round\":0"), HasSubstr("not a JSON object"));
  EXPECT_THAT(message("{\"round\":0}"), HasSubstr("no field \"train_seconds\""));
  EXPECT_THAT(
      message("{\"round\":-1,\"train_seconds\":1,\"evaluate_seconds\":1,\"select_seconds\":1}"),
      HasSubstr("\"round\" is not a whole number"));
  EXPECT_THAT(
      message("{\"round\":0,\"train_seconds\":\"x\",\"evaluate_seconds\":1,\"select_seconds\":1}"),
      HasSubstr("\"train_seconds\" is not a number"));
  EXPECT_THAT(message("{\"round\":0,\"train_seconds\":1,\"evaluate_seconds\":1,\"select_seconds\":"
                      "1,\"extra\":1}"),
              HasSubstr("5 fields, expected 4"));
}

}  // namespace
}  // namespace skillit
