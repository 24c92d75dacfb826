#include "skillit/graph/diagnose_graph.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "skillit/graph/graph_file.h"
#include "skillit/graph/strong_components.h"
#include "tests/graph/graph_test_helpers.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::numbered_skills;

LearnedGraph graph_of(const SkillSet& train, const SkillSet& eval, std::vector<double> weights) {
  return {SkillGraph(train, eval, std::move(weights)), {}, {}};
}

/// The paper's LEGO graph: the second skill helps the first, third and fourth by half.
LearnedGraph lego() {
  const SkillSet skills = numbered_skills(5);
  return graph_of(skills, skills, {1,  0, 0,  0,  0,  //
                                   .5, 1, .5, .5, 0,  //
                                   0,  0, 1,  0,  0,  //
                                   0,  0, 0,  1,  0,  //
                                   0,  0, 0,  0,  1});
}

LearnedGraph with_density(std::size_t positive, std::size_t k) {
  const SkillSet skills = numbered_skills(k);
  std::vector<double> weights(k * k);
  for (std::size_t i = 0, left = positive; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      if (i != j && left > 0) {
        weights[i * k + j] = 1;
        --left;
      }
    }
  }
  return graph_of(skills, skills, weights);
}

TEST(DiagnoseGraph, the_lego_graph_by_hand) {
  const GraphDiagnosis d = diagnose_graph(lego());
  EXPECT_EQ(d.num_pairs, 20u);
  EXPECT_DOUBLE_EQ(d.density, 0.15);
  EXPECT_EQ(d.negative, 0);
  EXPECT_TRUE(std::isnan(d.in_noise));
  EXPECT_EQ(d.asymmetry, 1);
  EXPECT_THAT(d.isolated, ElementsAre(4));
  EXPECT_THAT(d.unreachable, IsEmpty());
  EXPECT_THAT(d.groups, IsEmpty());
  EXPECT_EQ(graph_outlook(d), GraphOutlook::kUsable);
  EXPECT_THAT(diagnosis_text(d, lego()),
              AllOf(HasSubstr("15.0 % help"), HasSubstr("1 isolated: skill4"),
                    HasSubstr("noise is not known"), HasSubstr("Skill-It can beat uniform")));
}

TEST(DiagnoseGraph, too_dense_and_too_empty_promise_nothing) {
  const auto text = [](std::size_t positive) {
    const LearnedGraph graph = with_density(positive, 10);
    return diagnosis_text(diagnose_graph(graph), graph);
  };
  EXPECT_THAT(text(90), AllOf(HasSubstr("too dense (100.0 %)"), HasSubstr("97.4 %")));
  EXPECT_THAT(text(81), HasSubstr("usable (90.0 %)"));
  EXPECT_THAT(text(82), HasSubstr("too dense"));
  EXPECT_THAT(text(5), HasSubstr("usable (5.6 %)"));
  EXPECT_THAT(text(4), AllOf(HasSubstr("too empty (4.4 %)"), HasSubstr("3.9 %")));
}

TEST(DiagnoseGraph, evidence_says_how_much_is_noise) {
  LearnedGraph graph = with_density(45, 10);
  graph.edges.assign(100, {3, 1, 1, true});
  EXPECT_EQ(graph_outlook(diagnose_graph(graph)), GraphOutlook::kAllNoise);
  for (std::size_t e = 0; e < 50; ++e) graph.edges[e].in_noise = false;
  const GraphDiagnosis d = diagnose_graph(graph);
  EXPECT_DOUBLE_EQ(d.in_noise, 0.5);  // 45 of 90: five of either half are on the diagonal.
  EXPECT_EQ(graph_outlook(d), GraphOutlook::kUsable);
  graph.edges.assign(100, {1, 1, std::nan(""), false});
  EXPECT_EQ(diagnose_graph(graph).num_single, 90u);
  EXPECT_EQ(graph_outlook(diagnose_graph(graph)), GraphOutlook::kOneSeed);
  EXPECT_THAT(diagnosis_text(diagnose_graph(graph), graph),
              AllOf(HasSubstr("fewer than two seeds"), HasSubstr("not known: one seed"),
                    HasSubstr("50.0 % here"), HasSubstr("learn.seeds")));
  LearnedGraph dense = with_density(90, 10);
  dense.edges.assign(100, {1, 1, std::nan(""), false});
  EXPECT_EQ(graph_outlook(diagnose_graph(dense)), GraphOutlook::kTooDense);
}

TEST(DiagnoseGraph, groups_that_help_each_other_are_found) {
  const SkillSet skills({"a", "b", "c", "d"});
  // a -> b -> c -> a, and c -> d; harm does not make a group.
  const LearnedGraph graph = graph_of(skills, skills,
                                      {0, 1, 0, 0,  //
                                       0, 0, 1, 0,  //
                                       1, 0, 0, 1,  //
                                       0, 0, -1, 0});
  const GraphDiagnosis d = diagnose_graph(graph);
  EXPECT_THAT(d.groups, ElementsAre(ElementsAre(0, 1, 2)));
  EXPECT_DOUBLE_EQ(d.negative, 1. / 12);
  EXPECT_THAT(d.isolated, IsEmpty());
  EXPECT_THAT(diagnosis_text(d, graph),
              HasSubstr("all help each other, directly or in turn: a, b, c"));
}

TEST(DiagnoseGraph, other_evaluation_skills_have_no_way_back) {
  const SkillSet train({"a", "b"});
  const SkillSet eval({"x", "b", "y"});
  const GraphDiagnosis d = diagnose_graph(graph_of(train, eval, {1, 0, 0, 0, 1, -1}));
  EXPECT_EQ(d.num_pairs, 5u);
  EXPECT_TRUE(std::isnan(d.asymmetry));
  EXPECT_THAT(d.unreachable, ElementsAre(2));
  EXPECT_THAT(d.isolated, IsEmpty());
}

TEST(DiagnoseGraph, a_single_skill_leaves_nothing_to_choose) {
  const SkillSet one({"a"});
  const LearnedGraph graph = graph_of(one, one, {1});
  EXPECT_EQ(diagnosis_text(diagnose_graph(graph), graph),
            "expect nothing: with one skill there is nothing to choose\n");
}

TEST(StrongComponents, a_long_chain_does_not_exhaust_the_stack) {
  const std::size_t n = 200'000;
  const auto chain = [n](std::size_t node, std::size_t place) -> EdgeStep {
    return place == 0 && node + 1 < n ? EdgeStep{node + 1, 1} : EdgeStep{};
  };
  EXPECT_EQ(strong_components(n, chain).size(), n);
  const auto ring = [n](std::size_t node, std::size_t place) -> EdgeStep {
    return place == 0 ? EdgeStep{(node + 1) % n, 1} : EdgeStep{};
  };
  EXPECT_EQ(strong_components(n, ring).size(), 1u);
}

TEST(StrongComponents, agree_with_mutual_reachability) {
  Rng rng(2, "components");
  for (int round = 0; round < 20; ++round) {
    const std::size_t n = 12;
    std::vector<char> edge(n * n), reach(n * n);
    for (std::size_t e = 0; e < n * n; ++e) reach[e] = edge[e] = rng.below(10) == 0;
    for (std::size_t v = 0; v < n; ++v) reach[v * n + v] = 1;
    for (std::size_t via = 0; via < n; ++via) {
      for (std::size_t e = 0; e < n * n; ++e)
        reach[e] |= reach[e / n * n + via] & reach[via * n + e % n];
    }
    const auto walk = [&](std::size_t node, std::size_t place) -> EdgeStep {
      for (; place < n; ++place) {
        if (edge[node * n + place]) return {place, place + 1};
      }
      return {};
    };
    std::vector<std::size_t> component(n);
    const auto components = strong_components(n, walk);
    for (std::size_t c = 0; c < components.size(); ++c) {
      for (const std::size_t node : components[c]) component[node] = c;
    }
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b < n; ++b)
        EXPECT_EQ(component[a] == component[b], reach[a * n + b] && reach[b * n + a]);
    }
  }
}

TEST(DiagnoseGraph, the_authors_graph_of_natural_instructions_has_the_papers_density) {
  const char* shared = std::getenv("SKILLIT_SHARED");
  const auto root = shared != nullptr ? std::filesystem::path(shared)
                                      : std::filesystem::path(SKILLIT_SOURCE_DIR) / "../shared";
  const auto path = root / "data/skillit/ni_graphs/top_23_early_decreases.npy";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  const SkillSet skills = numbered_skills(23);
  const GraphDiagnosis d = diagnose_graph({read_graph_npy(path, skills, skills), {}, {}});
  // 226 of 529 with the diagonal, which is 0: 42.72 % in the paper, 44.7 % of the 506 pairs.
  EXPECT_DOUBLE_EQ(d.density, 226. / 506);
  EXPECT_DOUBLE_EQ(d.negative, 279. / 506);
  EXPECT_EQ(graph_outlook(d), GraphOutlook::kUsable);
}

}  // namespace
}  // namespace skillit
