#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/temp_folder.h"
#include "skillit/record/run_writer.h"

namespace skillit::testing {

inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

inline Manifest small_manifest() {
  Manifest manifest;
  manifest.study = "lego";
  manifest.method = "skillit";
  manifest.seed = 7;
  manifest.steps = 20;
  manifest.rounds = 2;
  manifest.train_skills = {"s1", "s2"};
  manifest.eval_skills = {"s1", "s2"};
  manifest.recipe = "train:\n  steps: 20\n  rate: 0.001\n";
  manifest.fingerprints = {{"recipe", "aa"}, {"data", "bb"}};
  return manifest;
}

/// Step s of an imagined training, the same whenever it is asked for.
inline StepRecord small_step(std::uint64_t s) {
  const auto x = static_cast<double>(s);
  return {.step = s,
          .loss = 1 / x,
          .learning_rate = 0.1 * x,
          .grad_norm = std::sqrt(x),
          .scored_tokens = 3,
          .tokens = 9};
}
inline EvaluationRecord small_evaluation(std::uint64_t s) {
  return {.step = s, .losses = {{0.7 / static_cast<double>(s + 1), 0.3}}, .accuracies = {0.5, 1.0}};
}
inline RoundRecord small_round(std::uint64_t r) {
  return {.round = r,
          .first_step = 10 * r,
          .mixture = {0.1, 0.9},
          .asked = {1, 9},
          .delivered = {1, 9},
          .tokens = 90};
}

/// Rounds [first, last) of ten steps each, with their evaluations and times.
inline void record_rounds(RunWriter& writer, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t round = first; round < last; ++round) {
    if (round == 0) writer.append(small_evaluation(0));
    for (std::uint64_t s = 10 * round + 1; s <= 10 * round + 10; ++s) writer.append(small_step(s));
    writer.append(small_evaluation(10 * round + 10));
    writer.append(small_round(round));
    writer.append(TimingRecord{.round = round, .train_seconds = 1.5});
  }
}

/// The error that `action` must throw.
template <class Action>
Error error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos)
        << "not one line: " << error.what();
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return {ErrorCode::kBadArgument, ""};
}

}  // namespace skillit::testing
