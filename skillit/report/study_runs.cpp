#include "skillit/report/study_runs.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "skillit/report/statistics.h"

namespace skillit {
namespace {

std::uint64_t steps_done(const RunRecord& run) {
  const std::uint64_t trained = run.steps.empty() ? 0 : run.steps.back().step;
  const std::uint64_t evaluated = run.evaluations.empty() ? 0 : run.evaluations.back().step;
  return std::max(trained, evaluated);
}

/// The first fingerprint of what both must share that differs; "" when none does.
std::string other_input(const Manifest& a, const Manifest& b) {
  const auto print = [](const Manifest& manifest, const char* what) {
    const auto place = manifest.fingerprints.find(what);
    return place == manifest.fingerprints.end() ? std::string() : place->second;
  };
  for (const char* what : {"data", "tokenizer", "base"}) {
    if (print(a, what) != print(b, what)) return what;
  }
  return "";
}

/// Why `run` cannot stand beside the others; "" when it can. `first` is the study's first finished
/// run.
std::string reason_to_leave_out(const RunRecord& run, const RunRecord* first,
                                const RunRecord* same_seed) {
  const Manifest& manifest = run.manifest;
  if (!run.finished)
    return fmt::format("unfinished, {} of {} steps", steps_done(run), manifest.steps);
  if (first == nullptr) return "";
  const Manifest& model = first->manifest;
  if (manifest.steps != model.steps) {
    return fmt::format("trained for {} steps, the others for {}", manifest.steps, model.steps);
  }
  if (manifest.train_skills != model.train_skills) return "has other training skills";
  if (manifest.eval_skills != model.eval_skills) return "has other evaluation skills";
  if (same_seed == nullptr) return "";
  const std::string input = other_input(manifest, same_seed->manifest);
  return input.empty() ? ""
                       : fmt::format("has another {} than {}", input, same_seed->manifest.method);
}

template <class Value>
Curve curve_of(const RunRecord& run, const Value& value) {
  Curve curve;
  for (const EvaluationRecord& evaluation : run.evaluations) {
    const double y = value(evaluation.losses);
    if (!std::isfinite(y)) continue;
    curve.steps.push_back(evaluation.step);
    curve.values.push_back(y);
  }
  return curve;
}

}  // namespace

StudyRuns comparable_runs(std::span<const RunRecord> runs) {
  StudyRuns study;
  const RunRecord* first = nullptr;
  std::map<std::uint64_t, const RunRecord*> by_seed;
  for (const RunRecord& run : runs) {
    const Manifest& manifest = run.manifest;
    auto method = std::find_if(study.methods.begin(), study.methods.end(),
                               [&](const MethodRuns& m) { return m.method == manifest.method; });
    std::string reason = reason_to_leave_out(run, first, by_seed[manifest.seed]);
    if (reason.empty() && method != study.methods.end() &&
        std::any_of(method->runs.begin(), method->runs.end(), [&](const RunRecord* other) {
          return other->manifest.seed == manifest.seed;
        })) {
      reason = "is there twice";
    }
    if (!reason.empty()) {
      study.left_out.push_back(
          fmt::format("{} seed {}: {}", manifest.method, manifest.seed, reason));
      continue;
    }
    if (first == nullptr) first = &run;
    if (by_seed[manifest.seed] == nullptr) by_seed[manifest.seed] = &run;
    if (method == study.methods.end()) method = study.methods.insert(method, {manifest.method, {}});
    method->runs.push_back(&run);
  }
  for (MethodRuns& method : study.methods) {
    std::sort(method.runs.begin(), method.runs.end(), [](const RunRecord* a, const RunRecord* b) {
      return a->manifest.seed < b->manifest.seed;
    });
  }
  return study;
}

Curve mean_loss_curve(const RunRecord& run) {
  return curve_of(run, [](const SkillLosses& losses) { return mean(losses.values); });
}

Curve skill_loss_curve(const RunRecord& run, std::size_t skill) {
  return curve_of(run, [skill](const SkillLosses& losses) { return losses[skill]; });
}

Curve mean_of_curves(std::span<const Curve> curves) {
  std::map<std::uint64_t, std::vector<double>> at_step;
  for (const Curve& curve : curves) {
    for (std::size_t i = 0; i < curve.steps.size(); ++i)
      at_step[curve.steps[i]].push_back(curve.values[i]);
  }
  Curve result;
  for (const auto& [step, values] : at_step) {
    if (values.size() != curves.size()) continue;
    result.steps.push_back(step);
    result.values.push_back(mean(values));
  }
  return result;
}

std::vector<std::vector<double>> mean_mixture_path(const MethodRuns& method) {
  std::vector<std::vector<double>> path;
  for (const RunRecord* run : method.runs) {
    path.resize(std::max(path.size(), run->rounds.size()));
  }
  for (std::size_t round = 0; round < path.size(); ++round) {
    double count = 0;
    for (const RunRecord* run : method.runs) {
      if (round >= run->rounds.size()) continue;
      const auto& shares = run->rounds[round].mixture;
      path[round].resize(shares.size());
      for (std::size_t i = 0; i < shares.size(); ++i) path[round][i] += shares[i];
      ++count;
    }
    for (double& share : path[round]) share /= count;
  }
  return path;
}

bool mixture_moves(const std::vector<std::vector<double>>& mixture_path) {
  return std::any_of(mixture_path.begin(), mixture_path.end(),
                     [&](const std::vector<double>& shares) {
                       for (std::size_t i = 0; i < shares.size(); ++i) {
                         if (std::abs(shares[i] - mixture_path.front()[i]) > 1e-9) return true;
                       }
                       return false;
                     });
}

}  // namespace skillit
