#include "skillit/report/run_cost.h"

namespace skillit {

RunCost run_cost(const RunRecord& run) {
  RunCost cost;
  for (const StepRecord& step : run.steps) {
    cost.tokens += step.tokens;
    cost.scored_tokens += step.scored_tokens;
  }
  cost.evaluations = run.evaluations.size();
  for (const TimingRecord& timing : run.timings) {
    cost.train_seconds += timing.train_seconds;
    cost.evaluate_seconds += timing.evaluate_seconds;
    cost.select_seconds += timing.select_seconds;
  }
  if (const auto& unit = run.manifest.costs) {
    cost.train_flops = unit->flops_per_token * static_cast<double>(cost.tokens) +
                       unit->flops_per_scored_token * static_cast<double>(cost.scored_tokens);
    cost.evaluate_flops = unit->flops_per_evaluation * static_cast<double>(cost.evaluations) +
                          unit->sample_losses_flops;
    cost.graph_flops = unit->graph_flops;
  }
  return cost;
}

}  // namespace skillit
