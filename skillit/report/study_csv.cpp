#include "skillit/report/study_csv.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "skillit/base/csv.h"
#include "skillit/report/study_runs.h"

namespace skillit {
namespace {

/// Rows that begin with the same fields.
class Rows {
 public:
  explicit Rows(std::string header) : text_(std::move(header)) {}
  void begin(std::string fields) { fields_ = std::move(fields); }
  void add(std::string_view measure, const std::string& skill, double value) {
    const std::string number = std::isnan(value) ? "" : fmt::format("{}", value);
    fmt::format_to(std::back_inserter(text_), "{},{},{},{}\r\n", fields_, measure, csv_field(skill),
                   number);
  }
  std::string finish() { return std::move(text_); }

 private:
  std::string text_;
  std::string fields_;
};

std::string run_fields(const Manifest& manifest) {
  return fmt::format("{},{}", csv_field(manifest.method), manifest.seed);
}

template <class Value>
void add_by_skill(Rows& rows, std::string_view measure, const std::vector<std::string>& skills,
                  const std::vector<Value>& values) {
  for (std::size_t i = 0; i < std::min(skills.size(), values.size()); ++i)
    rows.add(measure, skills[i], static_cast<double>(values[i]));
}

}  // namespace

std::string results_to_csv(std::span<const RunRecord> runs, const StudySummary& summary) {
  Rows rows("study,method,seed,measure,skill,value\r\n");
  const StudyRuns study = comparable_runs(runs);
  for (std::size_t m = 0; m < study.methods.size(); ++m) {
    const MethodSummary& method = summary.methods[m];
    for (std::size_t i = 0; i < method.seeds.size(); ++i) {
      const RunRecord& run = *study.methods[m].runs[i];
      rows.begin(csv_field(summary.study) + "," + run_fields(run.manifest));
      rows.add("final_loss", "", method.final_loss.by_seed[i]);
      rows.add("loss_area", "", method.loss_area.by_seed[i]);
      rows.add("steps_to_threshold", "", method.steps_to_threshold.by_seed[i]);
      const EvaluationRecord& last = run.evaluations.back();
      add_by_skill(rows, "final_loss", summary.eval_skills, last.losses.values);
      add_by_skill(rows, "final_accuracy", summary.eval_skills, last.accuracies);
    }
  }
  return rows.finish();
}

std::string curves_to_csv(std::span<const RunRecord> runs) {
  Rows rows("method,seed,step,measure,skill,value\r\n");
  for (const RunRecord& run : runs) {
    const std::string fields = run_fields(run.manifest);
    const auto begin = [&](std::uint64_t step) { rows.begin(fmt::format("{},{}", fields, step)); };
    for (const StepRecord& step : run.steps) {
      begin(step.step);
      rows.add("train_loss", "", step.loss);
      rows.add("learning_rate", "", step.learning_rate);
      rows.add("grad_norm", "", step.grad_norm);
      rows.add("tokens", "", static_cast<double>(step.tokens));
    }
    for (const EvaluationRecord& evaluation : run.evaluations) {
      begin(evaluation.step);
      add_by_skill(rows, "loss", run.manifest.eval_skills, evaluation.losses.values);
      add_by_skill(rows, "accuracy", run.manifest.eval_skills, evaluation.accuracies);
    }
    for (const RoundRecord& round : run.rounds) {
      begin(round.first_step);
      add_by_skill(rows, "share", run.manifest.train_skills, round.mixture);
      add_by_skill(rows, "asked", run.manifest.train_skills, round.asked);
      add_by_skill(rows, "delivered", run.manifest.train_skills, round.delivered);
    }
  }
  return rows.finish();
}

}  // namespace skillit
