#include "skillit/report/summary_json.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "skillit/report/headline.h"
#include "skillit/report/verdict.h"

namespace skillit {
namespace {

using Json = nlohmann::ordered_json;  // NaN becomes null.

constexpr int kFormatVersion = 1;

Json interval(const Estimate& e) {
  return e.has_interval() ? Json{e.low, e.high} : Json(nullptr);
}

Json to_value(const Estimate& e) {
  return {{"n", e.n}, {"mean", e.mean}, {"sd", e.sd}, {"interval_95", interval(e)}};
}

Json interval(const std::optional<Interval>& i) {
  return i ? Json{i->low, i->high} : Json(nullptr);
}

Json to_value(const Measure& measure) {
  Json json = to_value(measure.estimate);
  json["by_seed"] = measure.by_seed;
  return json;
}

Json to_value(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// Over the runs of a method; null where one does not know it.
template <class Part>
Json sum_of(const std::vector<RunCost>& costs, const Part& part) {
  double sum = 0;
  for (const RunCost& cost : costs) {
    const std::optional<double> value = part(cost);
    if (!value) return nullptr;
    sum += *value;
  }
  return sum;
}

Json to_value(const std::vector<RunCost>& costs) {
  const auto sum = [&](auto member) {
    return sum_of(costs, [member](const RunCost& c) { return std::optional<double>(c.*member); });
  };
  Json graph = nullptr;  // Learned once, whatever the number of seeds.
  if (!costs.empty() && costs.front().graph_flops) graph = *costs.front().graph_flops;
  return {{"runs", costs.size()},
          {"tokens", sum(&RunCost::tokens)},
          {"evaluations", sum(&RunCost::evaluations)},
          {"train_seconds", sum(&RunCost::train_seconds)},
          {"evaluate_seconds", sum(&RunCost::evaluate_seconds)},
          {"select_seconds", sum(&RunCost::select_seconds)},
          {"train_flops", sum(&RunCost::train_flops)},
          {"evaluate_flops", sum(&RunCost::evaluate_flops)},
          {"graph_flops", graph}};
}

Json to_value(const Delivery& delivery, const std::vector<std::string>& names) {
  if (delivery.runs == 0) return nullptr;
  Json skills = Json::object();
  for (std::size_t i = 0; i < names.size(); ++i) {
    skills[names[i]] = {{"asked", delivery.asked[i]},
                        {"samples", delivery.samples_of[i]},
                        {"tokens", delivery.tokens_of[i]},
                        {"epochs", delivery.epochs[i]},
                        {"runs_spent", delivery.runs_spent[i]}};
  }
  return {{"runs", delivery.runs},
          {"samples", delivery.samples},
          {"tokens", delivery.tokens},
          {"asked_in", delivery.in_tokens ? "tokens" : "samples"},
          {"furthest_from_asked", delivery.most_off},
          {"ended_early", delivery.ended_early},
          {"skills", skills}};
}

Json to_value(const MethodSummary& method, const StudySummary& study) {
  Json skills = Json::object();
  for (std::size_t i = 0; i < study.eval_skills.size(); ++i) {
    skills[study.eval_skills[i]] = {{"final_loss", to_value(method.skill_losses[i])},
                                    {"final_accuracy", to_value(method.skill_accuracies[i])}};
  }
  return {{"method", method.method},
          {"seeds", method.seeds},
          {"final_loss", to_value(method.final_loss)},
          {"best_loss", to_value(method.best_loss)},
          {"best_step", to_value(method.best_step)},
          {"loss_area", to_value(method.loss_area)},
          {"steps_to_threshold", to_value(method.steps_to_threshold)},
          {"skills", skills},
          {"mixture_path", method.mixture_path},
          {"cost", to_value(method.costs)},
          {"delivery", to_value(method.delivery, study.train_skills)}};
}

Json to_value(const PairSummary& pair, const PairedDifference& measure, Quantity quantity) {
  Json json = to_value(measure.difference);
  json["bootstrap_95"] = interval(measure.bootstrap);
  json["p_value"] = measure.p_value;
  json["holm_p_value"] = to_value(measure.holm_p);
  json["sign_flip_p_value"] = to_value(measure.sign_p);
  json["pairs_needed"] = to_value(measure.pairs_needed);
  json["separated"] = measure.separated();
  json["verdict"] = verdict(pair, measure, quantity);
  return json;
}

Json to_value(const MedianEstimate& m) {  // Infinite becomes null: not within the budget.
  return {{"n", m.n},
          {"median", m.median},
          {"interval", Json{m.interval.low, m.interval.high}},
          {"coverage", m.coverage}};
}

Json to_value(const StepsToRival& reach, const std::string& rival, std::uint64_t steps) {
  Json json = to_value(reach.steps);
  json["by_seed"] = reach.by_seed;
  json["flops_ratio"] = reach.flops_ratio.n == 0 ? Json(nullptr) : to_value(reach.flops_ratio);
  json["verdict"] = reach.steps.n == 0 ? "" : steps_to_rival_text(reach, rival, steps);
  return json;
}

Json to_value(const SkillSigns& signs) {
  return {{"first_lower", signs.first_lower},
          {"second_lower", signs.second_lower},
          {"equal", signs.equal},
          {"sign_p_value", signs.p_value}};
}

Json to_value(const PairSummary& pair, const StudySummary& study) {
  return {{"first", pair.first},
          {"second", pair.second},
          {"is_repeat", pair.is_repeat},
          {"common_seeds", pair.common_seeds},
          {"final_loss", to_value(pair, pair.final_loss, Quantity::kLoss)},
          {"best_loss", to_value(pair, pair.best_loss, Quantity::kLoss)},
          {"loss_area", to_value(pair, pair.loss_area, Quantity::kLoss)},
          {"steps_to_threshold", to_value(pair, pair.steps_to_threshold, Quantity::kSteps)},
          {"skills", to_value(pair.skills)},
          {"first_reaches_second", to_value(pair.first_reaches, pair.second, study.steps)},
          {"second_reaches_first", to_value(pair.second_reaches, pair.first, study.steps)}};
}

}  // namespace

std::string to_json(const StudySummary& summary) {
  const Headline found = headline(summary);
  Json json = {{"format_version", kFormatVersion},
               {"study", summary.study},
               {"verdict", found.verdict},
               {"details", found.details},
               {"steps", summary.steps},
               {"threshold", summary.threshold},
               {"train_skills", summary.train_skills},
               {"eval_skills", summary.eval_skills}};
  json["methods"] = Json::array();
  for (const auto& method : summary.methods) json["methods"].push_back(to_value(method, summary));
  json["pairs"] = Json::array();
  for (const auto& pair : summary.pairs) json["pairs"].push_back(to_value(pair, summary));
  json["noise_floor"] = nullptr;
  if (summary.noise_floor) {
    json["noise_floor"] = {{"sd", summary.noise_floor->sd},
                           {"degrees", summary.noise_floor->degrees}};
  }
  json["left_out"] = summary.left_out;
  json["notes"] = summary.notes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace skillit
