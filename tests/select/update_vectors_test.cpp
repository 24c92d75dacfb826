#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "selector_test_helpers.h"
#include "skillit/graph/npy_file.h"

namespace skillit {
namespace {

using nlohmann::json;
using testing::numbered_skills;

const std::string kFolder = std::string(SKILLIT_TESTS_DIR) + "/golden/update_rule/";

SkillGraph graph_of(const json& example) {
  if (example.contains("graph_file")) {
    const NpyMatrix file = read_npy_matrix(kFolder + example["graph_file"].get<std::string>());
    return {numbered_skills(file.rows), numbered_skills(file.columns, "eval"), file.values};
  }
  std::vector<double> weights;
  for (const auto& row : example["graph"]) weights.insert(weights.end(), row.begin(), row.end());
  const std::size_t k = example["graph"].size();
  return {numbered_skills(k), numbered_skills(weights.size() / k), weights};
}

SelectorInputs inputs_of(const json& example) {
  SelectorInputs inputs = testing::inputs_for(graph_of(example));
  if (example.contains("prior")) inputs.prior = example["prior"].get<std::vector<double>>();
  if (example.contains("target_mask")) {
    for (std::size_t j = 0; j < example["target_mask"].size(); ++j) {
      if (example["target_mask"][j] == 1) inputs.targets.push_back(inputs.eval_skills[j]);
    }
  }
  return inputs;
}

/// We always normalise by the first evaluation; the case that names another one starts there.
LossHistory history_of(const json& example) {
  LossHistory history;
  for (const auto& losses : example["evaluations"])
    history.evaluations.push_back({losses.get<std::vector<double>>()});
  if (example.contains("normalize_by")) {
    auto& all = history.evaluations;
    const SkillLosses first{example["normalize_by"].get<std::vector<double>>()};
    const auto place = std::find(all.begin(), all.end(), first);
    EXPECT_NE(place, all.end());
    all.erase(all.begin(), place);
  }
  return history;
}

std::string spec_of(const json& example) {
  std::string spec = "skillit:eta=" + example["eta"].dump();
  if (example.contains("window")) spec += ",window=" + example["window"].dump();
  if (example.contains("pool")) spec += ",pool=" + example["pool"].get<std::string>();
  if (example.contains("normalize_by")) spec += ",normalize_loss=true";
  return spec;
}

TEST(UpdateVectors, every_case_agrees_to_1e_12_relative) {
  const json file = json::parse(std::ifstream(kFolder + "update_vectors.json"));
  ASSERT_EQ(file["cases"].size(), 13u);
  for (const auto& example : file["cases"]) {
    SCOPED_TRACE(example["name"].get<std::string>());
    const auto expected = example["expected"].get<std::vector<double>>();
    const Mixture mixture =
        make_selector(spec_of(example), inputs_of(example))->next(history_of(example));
    ASSERT_EQ(mixture.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(mixture[i], expected[i], 1e-12 * expected[i]) << "skill " << i;
    }
  }
}

TEST(UpdateVectors, defaults_pool_as_the_reference_does) {
  const json file = json::parse(std::ifstream(kFolder + "update_vectors.json"));
  int compared = 0;
  for (const auto& example : file["cases"]) {
    if (example["evaluations"].empty()) continue;
    SCOPED_TRACE(example["name"].get<std::string>());
    auto without_pool = example;
    without_pool.erase("pool");
    EXPECT_EQ(make_selector(spec_of(without_pool), inputs_of(example))->next(history_of(example)),
              make_selector(spec_of(example), inputs_of(example))->next(history_of(example)));
    ++compared;
  }
  EXPECT_EQ(compared, 7);
}

}  // namespace
}  // namespace skillit
