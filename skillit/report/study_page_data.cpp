#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "skillit/base/error.h"
#include "skillit/record/manifest.h"
#include "skillit/report/graph_palette.h"
#include "skillit/report/graph_view.h"
#include "skillit/report/study_html.h"
#include "skillit/report/study_runs.h"
#include "skillit/report/summary_json.h"

namespace skillit {
namespace {

using Json = nlohmann::ordered_json;  // NaN becomes null.

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostNumbers = 400000;  // Of all curves together; a page has to be opened.
constexpr std::size_t kMostPoints = 240;
constexpr std::size_t kFewestPoints = 12;

/// More cannot be seen, and would make the page large.
double five_digits(double value) {
  return std::isfinite(value) ? std::stod(fmt::format("{:.5g}", value)) : kNaN;
}

/// Evaluated steps that every run of the method has, thinned to at most `most`, the last kept.
std::vector<std::uint64_t> common_steps(const MethodRuns& method, std::size_t most) {
  std::map<std::uint64_t, std::size_t> count;
  for (const RunRecord* run : method.runs) {
    for (const EvaluationRecord& evaluation : run->evaluations) ++count[evaluation.step];
  }
  std::vector<std::uint64_t> all, kept;
  for (const auto& [step, runs] : count) {
    if (runs == method.runs.size()) all.push_back(step);
  }
  const std::size_t stride = (all.size() + most - 1) / std::max<std::size_t>(most, 1);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i % std::max<std::size_t>(stride, 1) == 0 || i + 1 == all.size()) kept.push_back(all[i]);
  }
  return kept;
}

/// Mean, lowest and highest over the seeds at each step; null where a seed has no finite value.
template <class Value>
Json band(const MethodRuns& method, const std::vector<std::uint64_t>& steps, const Value& value) {
  std::map<std::uint64_t, std::vector<double>> at_step;
  for (const RunRecord* run : method.runs) {
    for (const EvaluationRecord& evaluation : run->evaluations)
      at_step[evaluation.step].push_back(value(evaluation.losses));
  }
  Json json = {{"mean", Json::array()}, {"low", Json::array()}, {"high", Json::array()}};
  for (const std::uint64_t step : steps) {
    const auto& values = at_step[step];
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const bool finite =
        std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
    json["mean"].push_back(finite ? five_digits(mean(values)) : kNaN);
    json["low"].push_back(finite ? five_digits(*low) : kNaN);
    json["high"].push_back(finite ? five_digits(*high) : kNaN);
  }
  return json;
}

Json curves(const StudyRuns& study, std::size_t num_skills) {
  const std::size_t lines = study.methods.size() * (num_skills + 1) * 3;
  const std::size_t points = std::clamp(kMostNumbers / lines, kFewestPoints, kMostPoints);
  Json json = Json::array();
  for (const MethodRuns& method : study.methods) {
    const auto steps = common_steps(method, points);
    Json skills = Json::array();
    for (std::size_t skill = 0; skill < num_skills; ++skill) {
      skills.push_back(
          band(method, steps, [skill](const SkillLosses& losses) { return losses[skill]; }));
    }
    json.push_back({{"steps", steps},
                    {"all", band(method, steps,
                                 [](const SkillLosses& losses) { return mean(losses.values); })},
                    {"skills", std::move(skills)}});
  }
  return json;
}

/// At the end of the run, by training skill, mean over seeds.
Json delivered(const MethodRuns& method, std::size_t num_skills) {
  std::vector<double> asked(num_skills, 0), got(num_skills, 0), epochs(num_skills, 0);
  const auto runs = static_cast<double>(method.runs.size());
  bool has_samples = true;
  for (const RunRecord* run : method.runs) {
    if (run->rounds.empty() || run->rounds.back().asked.size() != num_skills ||
        run->rounds.back().delivered.size() != num_skills)
      return nullptr;
    const RoundRecord& last = run->rounds.back();
    has_samples = has_samples && run->manifest.train_samples.size() == num_skills;
    for (std::size_t i = 0; i < num_skills; ++i) {
      const auto count = static_cast<double>(last.delivered[i]);
      asked[i] += last.asked[i] / runs;
      got[i] += count / runs;
      if (has_samples)
        epochs[i] += count / static_cast<double>(run->manifest.train_samples[i]) / runs;
    }
  }
  return {{"asked", asked}, {"delivered", got}, {"epochs", has_samples ? Json(epochs) : nullptr}};
}

Json ramp(Ground ground) {
  constexpr int kSteps = 8;
  Json json = Json::array();
  for (int step = -kSteps; step <= kSteps; ++step)
    json.push_back(hex(diverging_color(static_cast<double>(step) / kSteps, ground)));
  return json;
}

Json graph_value(const std::optional<LearnedGraph>& learned) {
  if (!learned) return nullptr;
  const SkillGraph& graph = learned->graph;
  Json weights = Json::array();
  for (std::size_t i = 0; i < graph.train_skills().size(); ++i) {
    for (const double weight : graph.row(i)) weights.push_back(five_digits(weight));
  }
  return {{"train", graph.train_skills().names()}, {"eval", graph.eval_skills().names()},
          {"weights", std::move(weights)},         {"full", full_color_weight(graph)},
          {"light", ramp(Ground::kLight)},         {"dark", ramp(Ground::kDark)},
          {"origin", learned->provenance}};
}

/// What every run is told anew, so that it is no difference of configuration.
bool is_identity(const std::string& key) {
  return key == "name" || key.starts_with("methods[") || key.starts_with("seeds[");
}

/// The recipe's values that are the same for all methods, and those that are not, by method.
Json configuration(const StudyRuns& study) {
  std::vector<std::map<std::string, std::string>> values;
  std::set<std::string> keys;
  for (const MethodRuns& method : study.methods) {
    values.push_back(recipe_values(method.runs.front()->manifest.recipe));
    for (const auto& [key, value] : values.back()) {
      if (!is_identity(key)) keys.insert(key);
    }
  }
  Json same = Json::array(), different = Json::array();
  for (const std::string& key : keys) {
    Json row = Json::array();
    std::set<std::string> seen;
    for (const auto& by_key : values) {
      const auto place = by_key.find(key);
      row.push_back(place == by_key.end() ? "not set" : place->second);
      seen.insert(row.back().get<std::string>());
    }
    if (seen.size() == 1) {
      same.push_back({key, *seen.begin()});
    } else {
      different.push_back({{"key", key}, {"values", std::move(row)}});
    }
  }
  return {{"same", std::move(same)}, {"different", std::move(different)}};
}

/// Rows of name and value; what differs between runs is listed, up to a few.
Json provenance(const StudyRuns& study) {
  constexpr std::size_t kShown = 3;
  std::map<std::string, std::set<std::string>> found;
  std::size_t runs = 0;
  for (const MethodRuns& method : study.methods) {
    for (const RunRecord* run : method.runs) {
      ++runs;
      const Manifest& manifest = run->manifest;
      for (const auto& [key, value] : manifest.versions) found["version of " + key].insert(value);
      for (const auto& [key, value] : manifest.machine) found["machine: " + key].insert(value);
      for (const auto& [key, value] : manifest.fingerprints)
        found["fingerprint of " + key].insert(value);
    }
  }
  Json json = Json::array();
  json.push_back({"runs", std::to_string(runs)});
  for (const auto& [key, values] : found) {
    std::string text;
    std::size_t shown = 0;
    for (const std::string& value : values) {
      if (shown++ == kShown) break;
      text += (text.empty() ? "" : ", ") + value;
    }
    if (values.size() > kShown) text += fmt::format(" and {} more", values.size() - kShown);
    json.push_back({key, text});
  }
  return json;
}

/// The runs that the summary counts, in its order; a study's folder may hold more.
StudyRuns summarized_runs(std::span<const RunRecord> runs, const StudySummary& summary) {
  const StudyRuns all = comparable_runs(runs);
  StudyRuns study;
  for (const MethodSummary& method : summary.methods) {
    MethodRuns kept{method.method, {}};
    for (const MethodRuns& candidate : all.methods) {
      if (candidate.method != method.method) continue;
      std::copy_if(candidate.runs.begin(), candidate.runs.end(), std::back_inserter(kept.runs),
                   [&](const RunRecord* run) {
                     const auto& seeds = method.seeds;
                     return std::find(seeds.begin(), seeds.end(), run->manifest.seed) !=
                            seeds.end();
                   });
    }
    SKILLIT_ASSERT(kept.runs.size() == method.seeds.size());
    study.methods.push_back(std::move(kept));
  }
  return study;
}

}  // namespace

std::string study_page_data(std::span<const RunRecord> runs, const StudySummary& summary,
                            const std::optional<LearnedGraph>& graph) {
  const StudyRuns study = summarized_runs(runs, summary);
  Json json = {{"summary", Json::parse(to_json(summary))},
               {"curves", curves(study, summary.eval_skills.size())},
               {"delivered", Json::array()},
               {"graph", graph_value(graph)},
               {"configuration", configuration(study)},
               {"provenance", provenance(study)}};
  for (const MethodRuns& method : study.methods)
    json["delivered"].push_back(delivered(method, summary.train_skills.size()));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace skillit
