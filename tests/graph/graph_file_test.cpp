#include "skillit/graph/graph_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "skillit/base/error.h"
#include "skillit/base/temp_folder.h"
#include "skillit/graph/graph_export.h"
#include "skillit/graph/npy_file.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const SkillGraph kGraph(SkillSet({"a", "b"}), SkillSet({"a", "b", "ü\"c"}),
                        {1, .1, -1e-300, 0, 1. / 3, 7});

std::string refusal(const std::string& text) {
  try {
    (void)parse_graph_json(text, "g.json");
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("g.json"));
    EXPECT_THAT(error.what(), ::testing::Not(HasSubstr("\n")));
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

class GraphFileOnDisk : public ::testing::Test {
 protected:
  TempFolder folder_;
};

TEST_F(GraphFileOnDisk, json_and_npy_give_the_graph_back_bit_for_bit) {
  write_graph(folder_ / "g.json", kGraph);
  EXPECT_EQ(read_graph_json(folder_ / "g.json"), kGraph);
  write_graph(folder_ / "g.npy", kGraph);
  EXPECT_EQ(read_graph_npy(folder_ / "g.npy", kGraph.train_skills(), kGraph.eval_skills()), kGraph);
}

TEST_F(GraphFileOnDisk, an_npy_file_of_another_shape_than_the_names_is_refused) {
  write_graph(folder_ / "g.npy", kGraph);
  try {
    (void)read_graph_npy(folder_ / "g.npy", kGraph.eval_skills(), kGraph.train_skills());
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("2 x 3"), HasSubstr("3 training and 2 evaluation")));
  }
}

TEST(GraphFile, tells_its_origin_in_any_form_under_provenance) {
  const SkillGraph graph = parse_graph_json(
      R"({"provenance": {"steps": 600, "by": ["x"]}, "train_skills": ["a"], "eval_skills": ["b"], "weights": [[2]]})",
      "g");
  EXPECT_EQ(graph, SkillGraph(SkillSet({"a"}), SkillSet({"b"}), {2}));
}

TEST(GraphFile, refuses_what_is_not_a_graph_saying_where) {
  EXPECT_THAT(refusal("[1]"), AllOf(HasSubstr("array"), HasSubstr("train_skills")));
  EXPECT_THAT(refusal(R"({"train_skills": ["a"], "weights": [[1]]})"),
              HasSubstr("'eval_skills' is missing"));
  EXPECT_THAT(refusal(R"({"train_skills": ["a"], "eval_skils": ["a"], "weights": [[1]]})"),
              HasSubstr("did you mean 'eval_skills'"));
  EXPECT_THAT(refusal(R"({"train_skills": ["a"], "eval_skills": "a", "weights": [[1]]})"),
              HasSubstr("eval_skills is a string"));
  EXPECT_THAT(
      refusal(R"({"train_skills": ["a", "a"], "eval_skills": ["a"], "weights": [[1], [1]]})"),
      HasSubstr("named twice"));
  EXPECT_THAT(refusal(R"({"train_skills": ["a", 1], "eval_skills": ["a"], "weights": [[1], [1]]})"),
              HasSubstr("train_skills[1] is a number"));
}

TEST(GraphFile, refuses_weights_of_another_shape_or_kind) {
  const std::string head = R"({"train_skills": ["a", "b"], "eval_skills": ["x", "y"], "weights": )";
  EXPECT_THAT(refusal(head + "[[1, 2]]}"), HasSubstr("1 rows"));
  EXPECT_THAT(refusal(head + "[[1, 2], [3]]}"),
              AllOf(HasSubstr("weights[1]"), HasSubstr("'b'"), HasSubstr("2 expected")));
  EXPECT_THAT(refusal(head + R"([[1, 2], ["3", 4]]})"),
              AllOf(HasSubstr("b -> x"), HasSubstr("string")));
  EXPECT_THAT(refusal(head + "[[1, 2], [3, null]]}"),
              AllOf(HasSubstr("b -> y"), HasSubstr("null")));
  EXPECT_THAT(refusal(head + "[[1, 2], 3]}"), HasSubstr("array was expected"));
}

TEST(GraphFile, refuses_text_that_is_not_strict_json) {
  EXPECT_THAT(
      refusal("{\n \"train_skills\": [\"a\"],\n \"eval_skills\": [\"a\"],\n \"weights\": [[NaN]]}"),
      AllOf(HasSubstr("line 4, column 15"), HasSubstr("NaN")));
  EXPECT_THAT(refusal("{\"train_skills\": [\"a\"],\n oops}"), HasSubstr("line 2, column 2"));
  EXPECT_THAT(refusal(R"({"weights": [[1]], "weights": [[2]]})"),
              HasSubstr("\"weights\" is given twice"));
  EXPECT_THAT(refusal(R"({"train_skills": ["a"], "eval_skills": ["a"], "weights": [[1e999]]})"),
              HasSubstr("too large"));
  EXPECT_THAT(refusal(""), HasSubstr("not valid JSON"));
}

const LearnedGraph kLearned{kGraph,
                            {{3, 1, 0.25, false},
                             {3, 0.1, 1. / 3, true},
                             {2, -1e-300, 0, false},
                             {3, 0.5, 0.5, true},
                             {3, 1. / 3, 0.1, false},
                             {3, 7, 1, false}},
                            {{"learner", "approximate"}, {"skill \"ü\"", "xxh3:1\n"}}};

TEST_F(GraphFileOnDisk, a_learned_graph_comes_back_bit_for_bit) {
  write_learned_graph(folder_ / "g.json", kLearned);
  EXPECT_EQ(read_learned_graph_json(folder_ / "g.json"), kLearned);
  EXPECT_EQ(read_graph_json(folder_ / "g.json"), kGraph);
}

TEST(GraphFile, an_unknown_standard_error_stays_unknown) {
  LearnedGraph one = kLearned;
  one.edges[0] = {1, 2, std::numeric_limits<double>::quiet_NaN(), false};
  const LearnedGraph back = parse_learned_graph_json(learned_graph_to_json(one), "g");
  EXPECT_EQ(back.edges[0].n, 1);
  EXPECT_TRUE(std::isnan(back.edges[0].standard_error));
}

TEST(GraphFile, the_minimal_form_has_no_evidence_but_may_tell_its_origin) {
  const LearnedGraph learned = parse_learned_graph_json(
      R"({"provenance": {"steps": 600, "by": "x"}, "train_skills": ["a"], "eval_skills": ["b"], "weights": [[2]]})",
      "g");
  EXPECT_TRUE(learned.edges.empty());
  EXPECT_EQ(learned.provenance.at("steps"), "600");
  EXPECT_EQ(learned.provenance.at("by"), "x");
  LearnedGraph bare = kLearned;
  bare.edges.clear();
  bare.provenance.clear();
  EXPECT_EQ(parse_learned_graph_json(learned_graph_to_json(bare), "g"), bare);
}

TEST(GraphFile, version_1_is_read_forever) {
  const LearnedGraph learned =
      read_learned_graph_json(std::filesystem::path(SKILLIT_TESTS_DIR) / "golden/graph_v1.json");
  EXPECT_EQ(learned.graph, SkillGraph(SkillSet({"a", "b"}), SkillSet({"a", "x"}), {1, 0, -0.5, 2}));
  EXPECT_EQ(learned.edge(0, 1), (EdgeEstimate{3, 0.125, 0.25, true}));
  EXPECT_EQ(learned.edge(1, 0).n, 1);
  EXPECT_EQ(learned.provenance.at("learner"), "approximate");
}

TEST(GraphFile, evidence_that_does_not_fit_is_refused) {
  const std::string head =
      R"({"train_skills": ["a"], "eval_skills": ["b"], "weights": [[2]], "format": "skillit graph", )";
  const auto edges = [&](const std::string& n, const std::string& noise) {
    return refusal(head + R"("version": 1, "edges": {"n": )" + n +
                   R"(, "mean": [[1]], "standard_error": [[null]], "in_noise": )" + noise + "}}");
  };
  EXPECT_THAT(refusal(head + R"("version": 2})"), HasSubstr("newer"));
  EXPECT_THAT(edges("[[1, 2]]", "[[true]]"), AllOf(HasSubstr("n[0]"), HasSubstr("1 expected")));
  EXPECT_THAT(edges("[[-1]]", "[[true]]"), AllOf(HasSubstr("a -> b"), HasSubstr("whole number")));
  EXPECT_THAT(edges("[[1]]", "[[0]]"), HasSubstr("true or false"));
  EXPECT_THAT(edges("[]", "[[true]]"), HasSubstr("0 rows"));
}

TEST_F(GraphFileOnDisk, npy_is_written_and_read_in_both_axis_orders) {
  const auto& train = kGraph.train_skills();
  const auto& eval = kGraph.eval_skills();
  write_graph_npy(folder_ / "g.npy", kGraph, MatrixRows::kEvalSkills);
  EXPECT_EQ(read_graph_npy(folder_ / "g.npy", train, eval, MatrixRows::kEvalSkills), kGraph);
  const NpyMatrix bare = read_npy_matrix(folder_ / "g.npy");
  EXPECT_EQ(bare.rows, 3u);
  EXPECT_EQ(bare.values[1], kGraph(1, 0));
  EXPECT_THROW((void)read_graph_npy(folder_ / "g.npy", train, eval), Error);
}

TEST(GraphExport, csv_has_a_line_per_edge) {
  LearnedGraph learned{SkillGraph(SkillSet({"a,b"}), SkillSet({"x", "q\""}), {1, 0.5}), {}, {}};
  const std::string head = "train,eval,weight,n,mean,standard_error,in_noise\r\n";
  EXPECT_EQ(graph_to_csv(learned), head + "\"a,b\",x,1,,,,\r\n\"a,b\",\"q\"\"\",0.5,,,,\r\n");
  learned.edges = {{1, 2, std::numeric_limits<double>::quiet_NaN(), false}, {2, 3, 0.5, true}};
  EXPECT_EQ(graph_to_csv(learned),
            head + "\"a,b\",x,1,1,2,,false\r\n\"a,b\",\"q\"\"\",0.5,2,3,0.5,true\r\n");
}

TEST(GraphExport, dot_draws_edges_between_different_skills) {
  const SkillGraph graph(SkillSet({"a\"", "b"}), SkillSet({"b", "x"}), {2, -1, 9, 0});
  EXPECT_EQ(graph_to_dot(graph),
            "digraph skills {\n"
            "  \"a\\\"\";\n"
            "  \"b\";\n"
            "  \"x\" [shape=box];\n"
            "  \"a\\\"\" -> \"b\" [label=\"2\", penwidth=0.89];\n"
            "  \"a\\\"\" -> \"x\" [label=\"-1\", penwidth=0.50, style=dashed];\n"
            "}\n");
}

}  // namespace
}  // namespace skillit
