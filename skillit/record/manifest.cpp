#include "skillit/record/manifest.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>
#include <set>

#include "skillit/base/error.h"
#include "skillit/base/files.h"

namespace skillit {
namespace {

using Values = std::map<std::string, std::string>;

/// "a: {b: 1, c: [x, y]}" -> {"a.b": "1", "a.c[0]": "x", "a.c[1]": "y"}.
void flatten(const YAML::Node& node, const std::string& key, Values& out) {
  if (node.IsMap()) {
    for (const auto& item : node) {
      const auto name = item.first.as<std::string>();
      flatten(item.second, key.empty() ? name : fmt::format("{}.{}", key, name), out);
    }
  } else if (node.IsSequence()) {
    for (std::size_t i = 0; i < node.size(); ++i)
      flatten(node[i], fmt::format("{}[{}]", key, i), out);
  } else if (!key.empty()) {
    out[key] = node.IsScalar() ? node.Scalar() : "null";
  }
}

void compare(const Values& before, const Values& now, std::string_view what,
             std::vector<std::string>& lines) {
  std::set<std::string> keys;
  for (const auto& [key, value] : before) keys.insert(key);
  for (const auto& [key, value] : now) keys.insert(key);
  for (const auto& key : keys) {
    const auto old_value = before.find(key);
    const auto new_value = now.find(key);
    const std::string was = old_value == before.end() ? "not set" : old_value->second;
    const std::string is = new_value == now.end() ? "not set" : new_value->second;
    if (was != is) lines.push_back(fmt::format("{} {} was {}, is now {}", what, key, was, is));
  }
}

nlohmann::ordered_json to_value(const UnitCosts& costs) {
  nlohmann::ordered_json json = {{"flops_per_token", costs.flops_per_token},
                                 {"flops_per_scored_token", costs.flops_per_scored_token},
                                 {"flops_per_evaluation", costs.flops_per_evaluation},
                                 {"graph_flops", nullptr}};
  if (costs.graph_flops) json["graph_flops"] = *costs.graph_flops;
  if (costs.sample_losses_flops != 0) json["sample_losses_flops"] = costs.sample_losses_flops;
  return json;
}

UnitCosts parse_costs(const nlohmann::json& json) {
  UnitCosts costs;
  json.at("flops_per_token").get_to(costs.flops_per_token);
  json.at("flops_per_scored_token").get_to(costs.flops_per_scored_token);
  json.at("flops_per_evaluation").get_to(costs.flops_per_evaluation);
  if (!json.at("graph_flops").is_null()) costs.graph_flops = json.at("graph_flops").get<double>();
  costs.sample_losses_flops = json.value("sample_losses_flops", 0.0);
  return costs;
}

}  // namespace

std::string manifest_to_json(const Manifest& manifest) {
  nlohmann::ordered_json json = {
      {"format_version", manifest.format_version},
      {"study", manifest.study},
      {"method", manifest.method},
      {"seed", manifest.seed},
      {"steps", manifest.steps},
      {"rounds", manifest.rounds},
      {"train_skills", manifest.train_skills},
      {"eval_skills", manifest.eval_skills},
      {"recipe", manifest.recipe},
      {"fingerprints", manifest.fingerprints},
      {"versions", manifest.versions},
      {"machine", manifest.machine},
  };
  if (!manifest.train_samples.empty()) json["train_samples"] = manifest.train_samples;
  if (manifest.costs) json["costs"] = to_value(*manifest.costs);
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Manifest parse_manifest(std::string_view text, const std::string& where) {
  Manifest manifest;
  try {
    const auto json = nlohmann::json::parse(text);
    json.at("format_version").get_to(manifest.format_version);
    if (manifest.format_version != kRecordFormatVersion) {
      fail(ErrorCode::kMismatch,
           fmt::format("{}: this run folder has format version {}, but this skillit reads version "
                       "{}; use the skillit that wrote it",
                       where, manifest.format_version, kRecordFormatVersion));
    }
    json.at("study").get_to(manifest.study);
    json.at("method").get_to(manifest.method);
    json.at("seed").get_to(manifest.seed);
    json.at("steps").get_to(manifest.steps);
    json.at("rounds").get_to(manifest.rounds);
    json.at("train_skills").get_to(manifest.train_skills);
    json.at("eval_skills").get_to(manifest.eval_skills);
    json.at("recipe").get_to(manifest.recipe);
    json.at("fingerprints").get_to(manifest.fingerprints);
    json.at("versions").get_to(manifest.versions);
    json.at("machine").get_to(manifest.machine);
    // These came later; a run of an older skillit has none.
    if (json.contains("train_samples")) json["train_samples"].get_to(manifest.train_samples);
    if (json.contains("costs")) manifest.costs = parse_costs(json["costs"]);
  } catch (const nlohmann::json::exception& problem) {
    fail(ErrorCode::kBadFormat, fmt::format("{}: is not the manifest of a run: {}; restore it, or "
                                            "delete the run folder to start again",
                                            where, problem.what()));
  }
  return manifest;
}

std::map<std::string, std::string> recipe_values(const std::string& recipe) {
  Values values;
  try {
    flatten(YAML::Load(recipe), "", values);
  } catch (const YAML::Exception&) {
    values["text"] = recipe;  // Never written by us; compared as a whole.
  }
  return values;
}

Manifest read_manifest(const std::filesystem::path& file) {
  return parse_manifest(read_file(file), file.string());
}

std::vector<std::string> difference(const Manifest& on_disk, const Manifest& wanted) {
  std::vector<std::string> lines;
  const auto check = [&](std::string_view what, const auto& was, const auto& is) {
    if (was != is) lines.push_back(fmt::format("{} was {}, is now {}", what, was, is));
  };
  check("format version", on_disk.format_version, wanted.format_version);
  check("study", on_disk.study, wanted.study);
  check("method", on_disk.method, wanted.method);
  check("seed", on_disk.seed, wanted.seed);
  check("steps", on_disk.steps, wanted.steps);
  check("rounds", on_disk.rounds, wanted.rounds);
  check("training skills", on_disk.train_skills, wanted.train_skills);
  check("evaluation skills", on_disk.eval_skills, wanted.eval_skills);
  const std::size_t before_recipe = lines.size();
  compare(recipe_values(on_disk.recipe), recipe_values(wanted.recipe), "recipe", lines);
  Values before = on_disk.fingerprints;
  Values now = wanted.fingerprints;
  if (lines.size() > before_recipe) {  // Its keys have said it already.
    before.erase("recipe");
    now.erase("recipe");
  }
  compare(before, now, "fingerprint of", lines);
  return lines;
}

}  // namespace skillit
