#include "skillit/graph/graph_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "skillit/base/error.h"
#include "tests/support/temp_folder.h"

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
  testing::TempFolder folder_;
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

}  // namespace
}  // namespace skillit
