// One round's update of `skillit` for k training and k evaluation skills, every edge present.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "skillit/base/rng.h"
#include "skillit/select/selector.h"

namespace skillit {
namespace {

SelectorInputs dense_inputs(std::size_t k) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < k; ++i) names.push_back("skill" + std::to_string(i));
  Rng rng(1, "bench graph");
  std::vector<double> weights(k * k);
  for (double& weight : weights) weight = rng.normal() / static_cast<double>(k);
  SelectorInputs inputs;
  inputs.train_skills = inputs.eval_skills = SkillSet(names);
  inputs.graph = SkillGraph(inputs.train_skills, inputs.eval_skills, std::move(weights));
  return inputs;
}

void next_mixture(benchmark::State& state, const std::string& spec) {
  const auto k = static_cast<std::size_t>(state.range(0));
  const auto selector = make_selector(spec, dense_inputs(k));
  LossHistory history;
  Rng rng(1, "bench losses");
  for (int evaluation = 0; evaluation < 10; ++evaluation) {
    history.round_starts.push_back(history.evaluations.size());
    auto& losses = history.evaluations.emplace_back().values;
    for (std::size_t j = 0; j < k; ++j) losses.push_back(rng.uniform());
  }
  for (auto _ : state) benchmark::DoNotOptimize(selector->next(history));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(k * k));
}

BENCHMARK_CAPTURE(next_mixture, skillit, "skillit")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(next_mixture, edge_decay, "skillit:edge_decay=0.5")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace skillit
