#include "skillit/graph/probe_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_set>

#include "skillit/base/error.h"

namespace skillit {
namespace {

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

/// Adds those of `wanted` to `plan` whose key is new to `seen`.
void add_new(std::span<const ProbeSpec> wanted, std::unordered_set<std::string>& seen,
             ProbePlan& plan) {
  for (const ProbeSpec& probe : wanted) {
    if (seen.insert(probe_key(probe)).second) plan.probes.push_back(probe);
  }
}

std::uint64_t product(std::uint64_t a, std::uint64_t b, std::string_view what) {
  if (b != 0 && a > std::numeric_limits<std::uint64_t>::max() / b) {
    fail(ErrorCode::kBadArgument,
         fmt::format("probe plan: {} x {} {} do not fit 64 bits; ask for less", a, b, what));
  }
  return a * b;
}

}  // namespace

ProbeSpec make_probe(std::vector<std::pair<std::string, double>> weights, std::uint64_t seed) {
  std::sort(weights.begin(), weights.end());
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto& [name, weight] = weights[i];
    if (!std::isfinite(weight) || weight < 0) {
      fail(ErrorCode::kBadArgument,
           fmt::format("probe: the weight of '{}' is {}; a finite number from 0 was expected", name,
                       weight));
    }
    if (i > 0 && weights[i - 1].first == name) {
      fail(ErrorCode::kBadArgument,
           fmt::format("probe: '{}' is there twice; give each trained skill once", name));
    }
    sum += weight;
  }
  if (!(sum > 0) || !std::isfinite(sum)) {
    fail(ErrorCode::kBadArgument,
         fmt::format("probe: the weights sum to {}; at least one skill must be trained", sum));
  }
  std::erase_if(weights, [](const auto& entry) { return entry.second == 0; });
  for (auto& entry : weights) entry.second /= sum;
  return {std::move(weights), seed};
}

ProbeSpec make_equal_probe(const std::vector<std::string>& names, std::uint64_t seed) {
  std::vector<std::pair<std::string, double>> weights;
  weights.reserve(names.size());
  for (const std::string& name : names) weights.emplace_back(name, 1.0);
  return make_probe(std::move(weights), seed);
}

std::string probe_key(const ProbeSpec& probe) {
  std::string key;
  for (const auto& [name, share] : probe.shares)
    key += fmt::format("{}{} {}", key.empty() ? "" : " + ", quoted(name), share);
  return key + fmt::format(", seed {}", probe.seed);
}

ProbePlan merge_plans(const ProbePlan& first, const ProbePlan& second) {
  ProbePlan merged;
  std::unordered_set<std::string> seen;
  add_new(first.probes, seen, merged);
  add_new(second.probes, seen, merged);
  return merged;
}

ProbePlan missing_probes(const ProbePlan& plan, std::span<const ProbeSpec> done) {
  std::unordered_set<std::string> seen;
  for (const ProbeSpec& probe : done) seen.insert(probe_key(probe));
  ProbePlan missing;
  add_new(plan.probes, seen, missing);
  return missing;
}

PlanCost plan_cost(const ProbePlan& plan, std::uint64_t steps_per_run,
                   std::uint64_t tokens_per_step) {
  PlanCost cost;
  cost.runs = plan.probes.size();
  cost.steps = product(cost.runs, steps_per_run, "steps");
  cost.tokens = product(cost.steps, tokens_per_step, "tokens");
  return cost;
}

std::string plan_text(const ProbePlan& plan) {
  std::string text;
  for (const ProbeSpec& probe : plan.probes) text += probe_key(probe) + "\n";
  return text;
}

}  // namespace skillit
