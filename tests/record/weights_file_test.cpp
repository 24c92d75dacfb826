#include "skillit/record/weights_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "skillit/base/error.h"

namespace skillit {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const SkillSet kSkills({"b", "a"});

std::string refusal(const std::string& text) {
  try {
    (void)parse_weights(text, kSkills, "prior.json");
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("prior.json"));
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return {};
}

TEST(WeightsFile, is_matched_by_name) {
  EXPECT_THAT(parse_weights(R"({"a": 1, "b": 2.5})", kSkills, "p"), ElementsAre(2.5, 1));
}

TEST(WeightsFile, refuses_missing_unknown_and_impossible_entries) {
  EXPECT_THAT(refusal(R"({"a": 1, "c": 2})"), AllOf(HasSubstr("has b"), HasSubstr("has c")));
  EXPECT_THAT(refusal(R"({"a": 1, "b": "2"})"), AllOf(HasSubstr("'b'"), HasSubstr("string")));
  EXPECT_THAT(refusal(R"({"a": 1, "a": 2})"), HasSubstr("twice"));
  EXPECT_THAT(refusal("[1, 2]"), HasSubstr("object"));
}

TEST(WeightsFile, writes_a_mixture_that_reads_back_bit_for_bit) {
  const Mixture third = Mixture::from_weights(std::vector<double>{1, 2});
  EXPECT_EQ(mixture_to_json(SkillSet({"x", "ü\"y"}), third),
            "{\"mixture\": {\"x\": 0.33333333333333331, \"ü\\\"y\": 0.66666666666666663}}");
  EXPECT_THROW((void)mixture_to_json(SkillSet({"x", "\xff"}), third), Error);
}

}  // namespace
}  // namespace skillit
