#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "skillit/base/rng.h"
#include "skillit/record/run_record.h"

namespace skillit::testing {

/// A finished run that was evaluated at steps 0, 10 and 20, two rounds, on skills "a" and "b"; the
/// losses are by evaluation and skill.
inline RunRecord small_run(const std::string& method, std::uint64_t seed,
                           const std::vector<std::vector<double>>& losses) {
  RunRecord run;
  run.manifest.study = "small";
  run.manifest.method = method;
  run.manifest.seed = seed;
  run.manifest.steps = 20;
  run.manifest.rounds = 2;
  run.manifest.train_skills = {"a", "b"};
  run.manifest.eval_skills = {"a", "b"};
  run.manifest.fingerprints = {{"data", "d"}};
  for (std::size_t i = 0; i < losses.size(); ++i) {
    run.evaluations.push_back({.step = 10 * i, .losses = {losses[i]}, .accuracies = {NAN, NAN}});
  }
  run.rounds = {{.round = 0, .mixture = {0.5, 0.5}},
                {.round = 1, .first_step = 10, .mixture = {0.25, 0.75}}};
  run.finished = true;
  return run;
}

/// A study as it may come out: three methods, three skills learned one after the other (the sooner
/// the larger `pace`), with noise by seed. An invention, for looking at.
inline RunRecord imagined_run(const std::string& method, double pace, std::uint64_t seed,
                              std::uint64_t steps = 600) {
  constexpr std::uint64_t kRounds = 10;
  RunRecord run;
  run.manifest.study = "lego";
  run.manifest.method = method;
  run.manifest.seed = seed;
  run.manifest.steps = steps;
  run.manifest.rounds = kRounds;
  run.manifest.train_skills = {"skill 1", "skill 2", "skill 3"};
  run.manifest.eval_skills = run.manifest.train_skills;
  Rng rng(seed, method);
  const double luck = 1 + 0.12 * rng.normal();
  for (std::uint64_t step = 0; step <= steps; step += 20) {
    EvaluationRecord evaluation{.step = step};
    for (int skill = 0; skill < 3; ++skill) {
      const double when = (90.0 + 130 * skill) / pace * luck;
      const double loss = 0.69 / (1 + std::exp((static_cast<double>(step) - when) / 28)) + 0.004;
      evaluation.losses.values.push_back(loss * std::exp(0.15 * rng.normal()));
      evaluation.accuracies.push_back(1 - 0.5 * std::min(1.0, loss / 0.69));
    }
    run.evaluations.push_back(evaluation);
  }
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    std::vector<double> mixture = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    if (method == "random") mixture = {0.1, 0.3, 0.6};
    if (method == "skillit") {
      const double learned = static_cast<double>(round) / kRounds;
      mixture = {0.5 - 0.42 * learned, 0.3, 0.2 + 0.42 * learned};
    }
    run.rounds.push_back(
        {.round = round, .first_step = round * steps / kRounds, .mixture = mixture});
  }
  run.finished = true;
  return run;
}

inline std::vector<RunRecord> imagined_study(std::uint64_t seeds) {
  std::vector<RunRecord> runs;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    runs.push_back(imagined_run("random", 0.55, seed));
    runs.push_back(imagined_run("stratified", 0.8, seed));
    runs.push_back(imagined_run("skillit", 1.1, seed));
  }
  return runs;
}

}  // namespace skillit::testing
