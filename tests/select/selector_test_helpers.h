#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "skillit/base/error.h"
#include "skillit/select/selector.h"

namespace skillit::testing {

/// Names s1 … sk.
inline SkillSet numbered_skills(std::size_t count, const std::string& prefix = "s") {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back(prefix + std::to_string(i));
  return SkillSet(names);
}

inline SelectorInputs inputs_for(const SkillGraph& graph) {
  SelectorInputs inputs;
  inputs.train_skills = graph.train_skills();
  inputs.eval_skills = graph.eval_skills();
  inputs.graph = graph;
  return inputs;
}

/// The paper's LEGO graph with five skills.
inline SkillGraph lego_graph() {
  return {numbered_skills(5), numbered_skills(5), {1, 0, 0, 0, 0, .5, 1, .5, .5, 0, 0, 0, 1,
                                                   0, 0, 0, 0, 0, 1,  0, 0,  0,  0, 0, 1}};
}

/// Evaluations e0 … e3 of the reference numbers for LEGO.
inline std::vector<SkillLosses> lego_losses() {
  return {{{.70, .68, .70, .71, .69}},
          {{.02, .40, .72, .70, .69}},
          {{.01, .35, .71, .69, .70}},
          {{.005, .31, .70, .69, .68}}};
}

/// After the first of six rounds, of which each has a size.
inline RoundInputs second_round() {
  RoundInputs inputs(LossHistory{lego_losses(), {0}});
  inputs.begin = 100;
  inputs.size = 100;
  inputs.total = 600;
  return inputs;
}

/// A round of `size` samples that begins after `begin` of `total`.
inline RoundInputs part_of_training(std::uint64_t begin, std::uint64_t size, std::uint64_t total) {
  RoundInputs inputs;
  inputs.begin = begin;
  inputs.size = size;
  inputs.total = total;
  return inputs;
}

/// a, b and c, trained on and evaluated, without a graph.
inline SelectorInputs three_skills() {
  SelectorInputs inputs;
  inputs.train_skills = inputs.eval_skills = SkillSet({"a", "b", "c"});
  return inputs;
}

/// The method's name with the options that it cannot do without, for five skills.
inline std::string least_spec(std::string_view method) {
  return std::string(method) + (method == "manual" ? ":shares=1/2/3/4/90" : "");
}

inline void expect_near(const Mixture& mixture, const std::vector<double>& expected,
                        double tolerance) {
  ASSERT_EQ(mixture.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(mixture[i], expected[i], tolerance) << "skill " << i;
  }
}

/// The message of the Error that `action` must throw.
template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << "a message is one line";
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

}  // namespace skillit::testing
