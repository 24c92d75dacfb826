#include "skillit/record/losses_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "skillit/base/error.h"
#include "skillit/base/files.h"
#include "skillit/base/temp_folder.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsNan;

using Sizes = std::vector<std::size_t>;

LossLog log_of(std::initializer_list<std::string> records, LossLog log = {}) {
  for (const auto& record : records) log.add_record(record, "l.jsonl");
  return log;
}

std::string refusal(std::initializer_list<std::string> records, LossLog log = {}) {
  try {
    (void)log_of(records, std::move(log));
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("l.jsonl"), ::testing::Not(HasSubstr("\n"))));
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

TEST(LossLog, three_forms_say_the_same) {
  const std::vector<SkillLosses> expected{{{.7, .6}}};
  for (const std::string record :
       {R"({"skills": ["a", "b"], "evaluations": [[0.7, 0.6]]})",
        R"({"skills": ["a", "b"], "losses": [0.7, 0.6]})", R"({"losses": {"b": 0.6, "a": 0.7}})"}) {
    const LossLog log = log_of({record});
    EXPECT_EQ(log.skills().names(), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(log.history().evaluations, expected) << record;
    EXPECT_EQ(log.history().round_starts, Sizes{0});
  }
}

TEST(LossLog, later_records_and_a_given_skill_set_are_matched_by_name) {
  const LossLog first_names = log_of({R"({"skills": ["a", "b"], "losses": [1, 2]})",
                                      R"({"skills": ["b", "a"], "losses": [3, 4]})"});
  EXPECT_EQ(first_names.history().evaluations, (std::vector<SkillLosses>{{{1, 2}}, {{4, 3}}}));
  const LossLog given = log_of({R"({"losses": {"a": 1, "b": 2}})"}, LossLog(SkillSet({"b", "a"})));
  EXPECT_EQ(given.history().evaluations, (std::vector<SkillLosses>{{{2, 1}}}));
}

TEST(LossLog, null_or_left_out_is_not_measured) {
  const LossLog log = log_of({R"({"losses": {"a": 1, "b": null}})", R"({"losses": {"b": 2}})"});
  EXPECT_THAT(log.history().evaluations[0].values, ElementsAre(1, IsNan()));
  EXPECT_THAT(log.history().evaluations[1].values, ElementsAre(IsNan(), 2));
}

TEST(LossLog, each_evaluation_is_a_round_unless_the_record_says_otherwise) {
  const std::string two = R"({"skills": ["a"], "evaluations": [[1], [2]]})";
  EXPECT_EQ(log_of({two, two}).history().round_starts, (Sizes{0, 1, 2, 3}));
  const std::string grouped =
      R"({"skills": ["a"], "evaluations": [[1], [2], [3]], "rounds": [0, 2]})";
  EXPECT_EQ(log_of({grouped, two}).history().round_starts, (Sizes{0, 2, 3, 4}));
  const auto in_round = [](int round) {
    return R"({"losses": {"a": 1}, "round": )" + std::to_string(round) + "}";
  };
  EXPECT_EQ(log_of({in_round(1), in_round(1), in_round(4), in_round(4), in_round(5)})
                .history()
                .round_starts,
            (Sizes{0, 2, 4}));
  EXPECT_EQ(log_of({in_round(0), in_round(0), R"({"losses": {"a": 1}})", in_round(1)})
                .history()
                .round_starts,
            (Sizes{0, 2}))
      << "a record without a round begins the next one";
}

TEST(LossLog, names_without_evaluations_are_fine) {
  const LossLog log = log_of({R"({"skills": ["a", "b"], "evaluations": []})"});
  EXPECT_EQ(log.skills().size(), 2u);
  EXPECT_TRUE(log.history().evaluations.empty());
}

TEST(LossLog, refuses_values_that_are_no_losses) {
  EXPECT_THAT(refusal({R"({"losses": {"a": "0.5"}})"}),
              AllOf(HasSubstr("'a'"), HasSubstr("string")));
  EXPECT_THAT(refusal({R"({"losses": {"a": NaN}})"}), HasSubstr("no NaN"));
  EXPECT_THAT(refusal({R"({"losses": {"a": -Infinity}})"}), HasSubstr("infinity"));
  EXPECT_THAT(refusal({R"({"skills": ["a", "b"], "evaluations": [[1, 2], [1, [2]]]})"}),
              AllOf(HasSubstr("evaluations[1][1] ('b')"), HasSubstr("array")));
  EXPECT_THAT(refusal({R"({"skills": ["a"], "evaluations": 3})"}), HasSubstr("array was expected"));
}

TEST(LossLog, refuses_wrong_lengths_and_names) {
  EXPECT_THAT(
      refusal({R"({"skills": ["a", "b"], "evaluations": [[1, 2], [1]]})"}),
      AllOf(HasSubstr("evaluations[1]"), HasSubstr("1 losses"), HasSubstr("2 were expected")));
  EXPECT_THAT(refusal({R"({"skills": ["a"], "losses": [1, 2]})"}), HasSubstr("2 losses"));
  EXPECT_THAT(refusal({R"({"losses": [1, 2]})"}), HasSubstr("'skills' is missing"));
  EXPECT_THAT(refusal({R"({"losses": {"a": 1}, "skills": ["a"]})"}),
              HasSubstr("leave 'skills' out"));
  EXPECT_THAT(refusal({R"({"losses": {}})"}), HasSubstr("no skills"));
  EXPECT_THAT(refusal({R"({"skills": ["a", "a"], "evaluations": []})"}), HasSubstr("twice"));
  EXPECT_THAT(refusal({R"({"losses": {"a": 1, "a": 2}})"}), HasSubstr("\"a\" is given twice"));
  EXPECT_THAT(refusal({R"({"losses": {"addition": 1}})", R"({"losses": {"adition": 1}})"}),
              HasSubstr("did you mean 'addition'"));
  EXPECT_THAT(refusal({R"({"loses": {"a": 1}})"}), HasSubstr("did you mean 'losses'"));
  EXPECT_THAT(refusal({"[1, 2]"}), HasSubstr("object"));
}

TEST(LossLog, refuses_rounds_that_cannot_be) {
  for (const std::string rounds : {"[1]", "[0, 2]", "[0, 0]", "[0, -1]", "[0.5]", "[]", "0"}) {
    const std::string record =
        R"({"skills": ["a"], "evaluations": [[1], [2]], "rounds": )" + rounds + "}";
    EXPECT_THAT(refusal({record}), HasSubstr("rounds")) << rounds;
  }
  EXPECT_THAT(
      refusal({R"({"losses": {"a": 1}, "round": 2})", R"({"losses": {"a": 1}, "round": 1})"}),
      HasSubstr("must not decrease"));
  EXPECT_THAT(refusal({R"({"losses": {"a": 1}, "round": 9223372036854775807})"}),
              HasSubstr("round"));
}

TEST(LossLog, a_refused_record_leaves_the_log_as_it_was) {
  LossLog log = log_of({R"({"losses": {"a": 1}})"});
  EXPECT_THROW(log.add_record(R"({"losses": {"a": 2, "b": 3}})", "x"), Error);
  EXPECT_EQ(log.history().evaluations.size(), 1u);
  EXPECT_EQ(log.skills().size(), 1u);
}

class LossFiles : public ::testing::Test {
 protected:
  TempFolder folder_;
};

TEST_F(LossFiles, a_document_and_a_log_are_told_apart_by_name) {
  write_file_atomically(folder_ / "l.json",
                        "{\n \"skills\": [\"a\"],\n \"evaluations\": [[1],\n [2]]}\n");
  write_file_atomically(folder_ / "l.jsonl",
                        "{\"losses\": {\"a\": 1}}\n\n{\"losses\": {\"a\": 2}}");
  LossLog document;
  document.add_file(folder_ / "l.json");
  LossLog lines;
  lines.add_file(folder_ / "l.jsonl");
  EXPECT_EQ(document.history().evaluations, lines.history().evaluations);
  EXPECT_EQ(document.history().round_starts, lines.history().round_starts);
}

TEST_F(LossFiles, a_bad_line_is_named_by_its_number) {
  write_file_atomically(folder_ / "l.jsonl",
                        "{\"losses\": {\"a\": 1}}\n\n{\"losses\": {\"a\": }}\n");
  LossLog log;
  try {
    log.add_file(folder_ / "l.jsonl");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("l.jsonl:3: not valid JSON"));
  }
}

}  // namespace
}  // namespace skillit
