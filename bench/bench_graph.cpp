// Learning a graph of k training and k evaluation skills from what probes measured, and looking at
// it.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "skillit/base/rng.h"
#include "skillit/graph/compare_graphs.h"
#include "skillit/graph/diagnose_graph.h"
#include "skillit/graph/learner.h"
#include "skillit/graph/online_learner.h"

namespace skillit {
namespace {

constexpr std::uint64_t kSeeds[] = {0, 1};

SkillSet skills_of(std::size_t k) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < k; ++i) names.push_back("skill" + std::to_string(i));
  return SkillSet(names);
}

std::vector<double> random_values(std::size_t count, std::uint64_t seed) {
  Rng rng(seed, "bench graph");
  std::vector<double> values(count);
  for (double& value : values) value = rng.normal();
  return values;
}

LearnedGraph dense_graph(std::size_t k, std::uint64_t seed) {
  const SkillSet skills = skills_of(k);
  return {SkillGraph(skills, skills, random_values(k * k, seed)), {}, {}};
}

void fit_approximate(benchmark::State& state) {
  const SkillSet skills = skills_of(static_cast<std::size_t>(state.range(0)));
  const auto learner = make_learner("approximate");
  ProbeResults results{skills, {}};
  for (const ProbeSpec& probe : plan_probes(*learner, skills, skills, kSeeds).probes) {
    results.records.push_back({probe, {0, 100}, {}});
    for (std::uint64_t e = 0; e < 2; ++e)
      results.records.back().evaluations.push_back({random_values(skills.size(), e)});
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(learn_graph(*learner, skills, skills, kSeeds, results));
}

void fit_online_rounds(benchmark::State& state) {
  const auto k = static_cast<std::size_t>(state.range(0));
  const SkillSet skills = skills_of(k);
  RunRounds run{0, {}, {{std::vector<double>(k, 1.0)}}};
  Rng rng(1, "bench rounds");
  for (int round = 0; round < 100; ++round) {
    std::vector<double> weights(k), losses(k);
    for (double& weight : weights) weight = rng.uniform();
    for (double& loss : losses) loss = 1 + rng.uniform();
    run.delivered.push_back(Mixture::from_weights(weights));
    run.losses.push_back({losses});
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(fit_online(skills, skills, {&run, 1}, {.ridge = 0.1}));
}

void diagnose(benchmark::State& state) {
  const LearnedGraph graph = dense_graph(static_cast<std::size_t>(state.range(0)), 1);
  for (auto _ : state) benchmark::DoNotOptimize(diagnose_graph(graph));
}

void compare(benchmark::State& state) {
  const auto k = static_cast<std::size_t>(state.range(0));
  const LearnedGraph first = dense_graph(k, 1);
  const LearnedGraph second = dense_graph(k, 2);
  for (auto _ : state) benchmark::DoNotOptimize(compare_graphs(first, second));
}

BENCHMARK(fit_approximate)->Arg(1'000)->Arg(5'000)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(fit_online_rounds)->Arg(1'000)->Arg(5'000)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(diagnose)->Arg(1'000)->Arg(5'000)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(compare)->Arg(1'000)->Arg(5'000)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace skillit
