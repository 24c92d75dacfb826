#include "skillit/select/skillit_selector.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "selector_test_helpers.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using testing::expect_near;
using ::testing::HasSubstr;
using testing::inputs_for;
using testing::lego_graph;
using testing::lego_losses;
using testing::message_of;

const double kNaN = std::numeric_limits<double>::quiet_NaN();

Mixture next(const std::string& spec, const SelectorInputs& inputs, const LossHistory& history) {
  return make_selector(spec, inputs)->next(history);
}

LossHistory lego_history(std::size_t first = 0, std::vector<std::size_t> round_starts = {}) {
  const auto all = lego_losses();
  return {{all.begin() + static_cast<std::ptrdiff_t>(first), all.end()}, std::move(round_starts)};
}

// A = [1 0 0; .5 1 0; 0 0 2], G = (ln 2, ln 3, 0), eta 1: the weights are 2, sqrt(2) * 3 and 1.
TEST(SkillItSelector, three_skills_by_hand) {
  const SkillGraph graph(SkillSet({"a", "b", "c"}), SkillSet({"a", "b", "c"}),
                         {1, 0, 0, .5, 1, 0, 0, 0, 2});
  const LossHistory history{{{{std::log(2), std::log(3), 0}}}, {0}};
  const double b = 3 * std::sqrt(2);
  expect_near(next("skillit:eta=1,window=1", inputs_for(graph), history),
              {2 / (3 + b), b / (3 + b), 1 / (3 + b)}, 1e-15);
}

// The reference: eta .5 * 2.53 / 2.385 = .5303984 with L_0 = e1.
TEST(SkillItSelector, eta_schedule_grows_as_the_total_loss_falls) {
  const auto inputs = inputs_for(lego_graph());
  const Mixture scheduled = next("skillit:eta=0.5,eta_schedule=true", inputs, lego_history(1));
  expect_near(scheduled, {.065581, .348178, .199232, .194018, .192991}, 5e-7);
  const Mixture plain = next("skillit:eta=0.5303983228511531", inputs, lego_history(1));
  expect_near(scheduled, plain.shares(), 1e-14);
}

// Only column s3 counts: its first loss is .72 and its newest .70; the other columns do not change
// eta.
TEST(SkillItSelector, eta_schedule_looks_at_the_targets_only) {
  auto inputs = inputs_for(lego_graph());
  inputs.targets = {"s3"};
  const Mixture scheduled = next("skillit:eta=0.7,eta_schedule=true", inputs, lego_history(1));
  expect_near(scheduled, next("skillit:eta=0.72", inputs, lego_history(1)).shares(), 1e-14);
}

// The reference's dynamic_lambda after one update, on the window e1 … e3.
TEST(SkillItSelector, edge_decay_halves_the_edges_between_skills_after_each_round) {
  const auto inputs = inputs_for(lego_graph());
  const LossHistory second_round = lego_history(0, {0, 1});
  expect_near(next("skillit:eta=0.5,edge_decay=0.5", inputs, second_round),
              {.081733, .231963, .232981, .227228, .226095}, 5e-7);
  EXPECT_EQ(next("skillit:eta=0.5,edge_decay=0.5", inputs, lego_history(0, {0})),
            next("skillit:eta=0.5", inputs, lego_history(0, {0})));
}

// B8: the edge a -> x is positive and must decay although it stands first in its column; x -> x and
// the harmful edge must not. One target, eta 1, G = 1: logits a = .25 * 2, x = 3, n = -1 after two
// halvings.
TEST(SkillItSelector, edge_decay_spares_a_skill_s_edge_to_itself_and_negative_edges) {
  const SkillGraph graph(SkillSet({"a", "x", "n"}), SkillSet({"x"}), {2, 3, -1});
  const LossHistory history{{{{1}}, {{1}}, {{1}}}, {0, 1, 2}};
  const double sum = std::exp(.5) + std::exp(3) + std::exp(-1);
  expect_near(next("skillit:eta=1,window=1,edge_decay=0.5", inputs_for(graph), history),
              {std::exp(.5) / sum, std::exp(3) / sum, std::exp(-1) / sum}, 1e-15);
}

TEST(SkillItSelector,
     normalize_loss_divides_by_the_first_evaluation_even_after_it_left_the_window) {
  const auto inputs = inputs_for(lego_graph());
  LossHistory divided = lego_history();
  for (auto& losses : divided.evaluations) {
    for (std::size_t j = 0; j < losses.size(); ++j) losses.values[j] /= lego_losses()[0][j];
  }
  expect_near(next("skillit:normalize_loss=true", inputs, lego_history()),
              next("skillit", inputs, divided).shares(), 1e-14);
}

TEST(SkillItSelector, a_window_of_rounds_takes_the_last_evaluation_of_each) {
  const auto inputs = inputs_for(lego_graph());
  const auto e = lego_losses();
  const std::string in_rounds = "skillit:window=2,window_unit=rounds";
  const std::string in_evaluations = "skillit:window=2";
  const LossHistory picked{{e[1], e[3]}, {}};
  EXPECT_EQ(next(in_rounds, inputs, {e, {0, 2}}), next(in_evaluations, inputs, picked));
  EXPECT_EQ(next(in_rounds, inputs, {e, {0, 1, 2, 2}}), next(in_evaluations, inputs, picked))
      << "a round without an evaluation does not count";
  EXPECT_EQ(next(in_rounds, inputs, {e, {0, 4}}), next(in_evaluations, inputs, {{e[3]}, {}}))
      << "a round that has just begun does not count";
  EXPECT_EQ(next(in_evaluations, inputs, {e, {0, 2}}),
            next(in_evaluations, inputs, {{e[2], e[3]}, {}}));
}

TEST(SkillItSelector, a_mean_of_three_acts_as_a_sum_with_a_third_of_eta) {
  const auto inputs = inputs_for(lego_graph());
  expect_near(next("skillit:eta=0.6,pool=mean", inputs, lego_history()),
              next("skillit:eta=0.2,pool=sum", inputs, lego_history()).shares(), 1e-15);
}

TEST(SkillItSelector, begins_with_the_initial_mixture_when_one_is_given) {
  const auto inputs = inputs_for(lego_graph());
  expect_near(next("skillit:initial=1/1/1/3/4", inputs, {}), {.1, .1, .1, .3, .4}, 1e-15);
  EXPECT_EQ(next("skillit:initial=1/1/1/3/4", inputs, lego_history()),
            next("skillit", inputs, lego_history()));
}

// Skill s5 of LEGO touches no other. The rest share .8 by the formula; prior and losses of s5 have
// no say.
TEST(SkillItSelector, an_isolated_skill_keeps_its_even_share) {
  auto inputs = inputs_for(lego_graph());
  inputs.prior = {1, 1, 1, 3, 5};
  const Mixture fixed = next("skillit:eta=0.5,fix_isolated=true", inputs, lego_history());
  const Mixture free = next("skillit:eta=0.5", inputs, lego_history());
  EXPECT_DOUBLE_EQ(fixed[4], .2);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(fixed[i], .8 * free[i] / (1 - free[4]), 1e-15);
}

TEST(SkillItSelector, all_isolated_is_uniform_and_edges_that_cancel_do_not_isolate) {
  const SkillSet ab({"a", "b", "c"});
  EXPECT_EQ(next("skillit:fix_isolated=true", inputs_for(SkillGraph::identity(ab, ab)), {}),
            Mixture::uniform(3));
  const SkillGraph cancelling(ab, ab, {1, .5, -.5, 0, 1, 0, 0, 0, 1});
  const auto inputs = inputs_for(cancelling);
  EXPECT_EQ(next("skillit:fix_isolated=true", inputs, {}), next("skillit", inputs, {}));
}

TEST(SkillItSelector, names_decide_not_positions) {
  auto inputs = inputs_for(lego_graph());
  inputs.prior = {1, 1, 1, 3, 5};
  inputs.targets = {"s2", "s3"};
  const Mixture straight = next("skillit:eta=0.5", inputs, lego_history());

  const std::vector<std::size_t> rows{3, 0, 4, 2, 1};
  const std::vector<std::size_t> columns{2, 4, 1, 0, 3};
  std::vector<std::string> train_names;
  std::vector<std::string> eval_names;
  for (const auto i : rows) train_names.push_back(inputs.train_skills[i]);
  for (const auto j : columns) eval_names.push_back(inputs.eval_skills[j]);
  SelectorInputs permuted = inputs;
  permuted.train_skills = SkillSet(train_names);
  permuted.eval_skills = SkillSet(eval_names);
  permuted.prior = {3, 1, 5, 1, 1};
  LossHistory history = lego_history();
  for (auto& losses : history.evaluations) {
    const auto before = losses.values;
    for (std::size_t j = 0; j < columns.size(); ++j) losses.values[j] = before[columns[j]];
  }
  const Mixture mixed = next("skillit:eta=0.5", permuted, history);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_NEAR(mixed[i], straight[rows[i]], 1e-15);
}

TEST(SkillItSelector, a_graph_of_other_skills_is_refused_naming_them) {
  auto inputs = inputs_for(lego_graph());
  inputs.eval_skills = SkillSet({"s1", "s2", "s3", "s4", "six"});
  EXPECT_THAT(message_of([&] { (void)make_selector("skillit", inputs); }),
              AllOf(HasSubstr("six"), HasSubstr("s5")));
}

TEST(SkillItSelector, a_loss_that_is_needed_and_not_measured_is_refused_by_name) {
  auto inputs = inputs_for(lego_graph());
  LossHistory history = lego_history();
  history.evaluations[2].values[3] = kNaN;
  EXPECT_THAT(message_of([&] { (void)next("skillit", inputs, history); }),
              AllOf(HasSubstr("'s4'"), HasSubstr("evaluation 3 of 4"), HasSubstr("not measured")));
  history.evaluations[2].values[3] = INFINITY;
  EXPECT_THAT(message_of([&] { (void)next("skillit", inputs, history); }), HasSubstr("infinite"));

  EXPECT_EQ(next("skillit:window=1", inputs, history),
            next("skillit:window=1", inputs, lego_history()));
  inputs.targets = {"s1", "s2"};
  EXPECT_EQ(next("skillit", inputs, history), next("skillit", inputs, lego_history()));
  history.evaluations[0].values[0] = kNaN;
  EXPECT_THAT(message_of([&] { (void)next("skillit:normalize_loss=true", inputs, history); }),
              AllOf(HasSubstr("'s1'"), HasSubstr("evaluation 1 of 4")));
}

TEST(SkillItSelector, losses_for_another_number_of_skills_are_refused) {
  const LossHistory history{{{{.5, .5}}}, {0}};
  EXPECT_THAT(message_of([&] { (void)next("skillit", inputs_for(lego_graph()), history); }),
              AllOf(HasSubstr("2 losses"), HasSubstr("5")));
}

TEST(SkillItSelector, division_by_a_zero_loss_is_refused_but_a_zero_loss_is_not) {
  const auto inputs = inputs_for(lego_graph());
  LossHistory history = lego_history();
  history.evaluations[0].values[1] = 0;
  EXPECT_THAT(message_of([&] { (void)next("skillit:normalize_loss=true", inputs, history); }),
              HasSubstr("'s2'"));
  const LossHistory solved{{{{0, 0, 0, 0, 0}}}, {0}};
  EXPECT_EQ(next("skillit", inputs, solved), Mixture::uniform(5));
  EXPECT_THAT(message_of([&] { (void)next("skillit:eta_schedule=true", inputs, solved); }),
              HasSubstr("eta_schedule"));
}

TEST(SkillItSelector, an_update_beyond_the_range_of_a_number_is_refused_by_name) {
  const LossHistory history{{{{1e300, 0, 0, 0, 0}}}, {0}};
  EXPECT_THAT(
      message_of([&] { (void)next("skillit:eta=1e300", inputs_for(lego_graph()), history); }),
      AllOf(HasSubstr("'s1'"), HasSubstr("smaller eta")));
}

TEST(SkillItSelector, an_impossible_round_table_is_refused) {
  const auto inputs = inputs_for(lego_graph());
  for (const std::vector<std::size_t>& starts : {std::vector<std::size_t>{1}, {0, 3, 2}, {0, 5}}) {
    EXPECT_THAT(message_of([&] { (void)next("skillit", inputs, lego_history(0, starts)); }),
                HasSubstr("round"));
  }
}

TEST(SkillItSelector, a_skill_with_prior_zero_never_appears) {
  auto inputs = inputs_for(lego_graph());
  inputs.prior = {1, 0, 1, 1, 1};
  EXPECT_EQ(next("skillit:eta=100", inputs, lego_history())[1], 0.0);
}

TEST(SkillItSelector, a_replay_from_the_history_gives_the_same_bits) {
  const auto inputs = inputs_for(lego_graph());
  const std::string spec = "skillit:edge_decay=0.5,window=2,window_unit=rounds,eta_schedule=true";
  const auto straight = make_selector(spec, inputs);
  std::vector<Mixture> path;
  LossHistory history;
  for (const SkillLosses& losses : lego_losses()) {
    history.round_starts.push_back(history.evaluations.size());
    history.evaluations.push_back(losses);
    path.push_back(straight->next(history));
  }
  ByteWriter state;
  straight->save(state);
  const auto resumed = make_selector(spec, inputs);
  ByteReader reader(state.bytes(), "checkpoint");
  resumed->load(reader);
  reader.expect_end();
  EXPECT_EQ(resumed->next(history), path.back());
  history.evaluations.pop_back();
  history.round_starts.pop_back();
  EXPECT_EQ(resumed->next(history), path[2]);
}

// A = [1 0; .5 1] has row sums 1 and 1.5, turned round 1.5 and 1.
TEST(SkillItSelector, a_wrong_graph_can_be_asked_for) {
  const auto inputs = inputs_for({SkillSet({"a", "b"}), SkillSet({"a", "b"}), {1, 0, .5, 1}});
  const double half_more = 1 / (1 + std::exp(-.5));
  const auto start = [&](const std::string& spec) { return next(spec, inputs, {}); };
  expect_near(start("skillit:eta=1"), {1 - half_more, half_more}, 1e-15);
  expect_near(start("skillit:eta=1,graph=transposed"), {half_more, 1 - half_more}, 1e-15);
  EXPECT_EQ(start("skillit:eta=1,graph_noise=0"), start("skillit:eta=1"));
  const Mixture noisy = start("skillit:eta=1,graph_noise=0.5");
  EXPECT_NE(noisy, start("skillit:eta=1"));
  EXPECT_EQ(noisy, start("skillit:eta=1,graph_noise=0.5,graph_seed=0"));
  EXPECT_NE(noisy, start("skillit:eta=1,graph_noise=0.5,graph_seed=1"));
  const auto five = inputs_for(lego_graph());
  EXPECT_NE(next("skillit:graph=shuffled", five, {}), next("skillit", five, {}));
}

TEST(SkillItSelector, options_outside_their_range_are_refused) {
  const auto inputs = inputs_for(lego_graph());
  const auto refusal = [&](const std::string& spec) {
    return message_of([&] { (void)make_selector(spec, inputs); });
  };
  EXPECT_THAT(refusal("skillit:eta=-1"), AllOf(HasSubstr("eta"), HasSubstr("-1")));
  EXPECT_THAT(refusal("skillit:window=0"), AllOf(HasSubstr("window"), HasSubstr("1 or more")));
  EXPECT_THAT(refusal("skillit:edge_decay=2"), HasSubstr("from 0 to 1"));
  EXPECT_THAT(refusal("skillit:graph_noise=-1"), AllOf(HasSubstr("graph_noise"), HasSubstr("-1")));
  EXPECT_THAT(refusal("skillit:initial=1/2"),
              AllOf(HasSubstr("2 given"), HasSubstr("5 expected"), HasSubstr("s1, s2")));
}

}  // namespace
}  // namespace skillit
