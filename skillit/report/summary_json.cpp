#include "skillit/report/summary_json.h"

#include <nlohmann/json.hpp>
#include <optional>

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

Json to_value(const Measure& measure) {
  Json json = to_value(measure.estimate);
  json["by_seed"] = measure.by_seed;
  return json;
}

Json to_value(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
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
          {"loss_area", to_value(method.loss_area)},
          {"steps_to_threshold", to_value(method.steps_to_threshold)},
          {"skills", skills},
          {"mixture_path", method.mixture_path}};
}

Json to_value(const PairSummary& pair, const PairedDifference& measure, Quantity quantity) {
  Json json = to_value(measure.difference);
  json["p_value"] = measure.p_value;
  json["sign_flip_p_value"] = to_value(measure.sign_p);
  json["pairs_needed"] = to_value(measure.pairs_needed);
  json["separated"] = measure.separated();
  json["verdict"] = verdict(pair, measure, quantity);
  return json;
}

Json to_value(const PairSummary& pair) {
  return {{"first", pair.first},
          {"second", pair.second},
          {"common_seeds", pair.common_seeds},
          {"final_loss", to_value(pair, pair.final_loss, Quantity::kLoss)},
          {"loss_area", to_value(pair, pair.loss_area, Quantity::kLoss)},
          {"steps_to_threshold", to_value(pair, pair.steps_to_threshold, Quantity::kSteps)}};
}

}  // namespace

std::string to_json(const StudySummary& summary) {
  Json json = {{"format_version", kFormatVersion},
               {"study", summary.study},
               {"steps", summary.steps},
               {"threshold", summary.threshold},
               {"train_skills", summary.train_skills},
               {"eval_skills", summary.eval_skills}};
  json["methods"] = Json::array();
  for (const auto& method : summary.methods) json["methods"].push_back(to_value(method, summary));
  json["pairs"] = Json::array();
  for (const auto& pair : summary.pairs) json["pairs"].push_back(to_value(pair));
  json["left_out"] = summary.left_out;
  json["notes"] = summary.notes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace skillit
